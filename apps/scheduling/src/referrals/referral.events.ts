import { ReferralSent, ReferralStatusChanged, type referralSnapshot } from '@slotmesh/contracts';
import { type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { z } from 'zod';
import type { Referral } from './domain/referral';
import type { Doer, ReferralStatus } from './domain/transitions';

export type SnapshotJson = z.input<typeof referralSnapshot>;
const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

/** The referral as events and answers show it; names no person and nothing that was written. */
export const snapshotOf = (r: Referral): SnapshotJson => ({
  id: r.id, version: r.version, status: r.status, sender: r.sender, receiver: r.receiver, patient: r.patient, receiverPatient: r.receiverPatient, service: r.service, urgency: r.urgency,
  needsAuthorisation: r.needsAuthorisation, authorisationExpires: r.authorisationExpires, declineCode: r.declineCode, appointment: r.appointment, visitAt: text(r.visitAt), sentAt: formatInstant(r.sentAt),
  since: formatInstant(r.since), dueAt: text(r.dueAt), waitsFor: r.waitsFor, zone: r.zone,
});

const place = (r: Referral) => ({ key: r.id, host: r.receiver ?? r.sender, booking: r.receiver === null ? null : r.sender });
const by = (kind: Doer, practice: PracticeId | null) => ({ kind, practice });

export const sent = (r: Referral): OutgoingEvent => eventOf(ReferralSent, place(r), { referral: snapshotOf(r), by: by('sender', r.sender) });
export const statusChanged = (r: Referral, previous: ReferralStatus, doer: Doer, practice: PracticeId | null): OutgoingEvent => eventOf(ReferralStatusChanged, place(r), { referral: snapshotOf(r), by: by(doer, practice), previous });
