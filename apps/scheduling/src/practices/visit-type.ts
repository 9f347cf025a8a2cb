import { VisitTypeDefined, modality, serviceCode } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { storedPolicy, visitTypePolicy } from '../policies/policy.schema';
import { ReferenceTable } from './persistence/reference-table';
import type { ReferenceKind } from './reference';
import { visitTypeShown } from './shown-names';
import { visitTypeNeed } from './visit-type-need';
import { requireRoomForSeats } from './visit-type-seats';

const minutes = z.int().min(0).max(1440);
export const visitTypeBody = z.object({
  service: serviceCode,
  name: z.string().trim().min(1).max(200),
  durationMinutes: z.int().min(1).max(1440),
  bufferBeforeMinutes: minutes.default(0),
  bufferAfterMinutes: minutes.default(0),
  /** How long before the start it can be booked at the latest. */
  minimumNoticeMinutes: z.int().min(0).max(525_600).default(0),
  /** How many calendar days ahead it can be booked. */
  horizonDays: z.int().min(0).max(1_000).default(180),
  modality: modality.default('in-person'),
  /** What the visit needs beside its provider: one free resource at the site for each, with its own time before and after. By kind alone, such as `room`, or in full; answered in full. */
  needs: z.array(visitTypeNeed).max(6).default([]),
  /** How many minutes more a patient gets who needs a longer visit; 0: the desk arranges it. */
  longerVisitMinutes: z.int().min(0).max(240).default(0),
  /** A group visit: how many come to one session, which takes its provider and resources once; null: each visit is by itself. */
  seats: z.int().min(2).max(100).nullable().default(null),
  active: z.boolean().default(true),
  /** Whether its free times, never who took one, are published to everybody (SMART Scheduling Links). */
  public: z.boolean().default(false),
  /** Its name alone may tell why somebody comes: partners, the public and messages do not name it. Always so where the catalogue says it of its service. */
  sensitive: z.boolean().default(false),
  /** How to prepare, as the patient's own page shows it behind the birth date; it must not say why the patient comes. */
  preparation: z.object({ en: z.string().trim().min(1).max(1_000), es: z.string().trim().min(1).max(1_000) }).nullable().default(null),
  /** Whom the visit is for and what is asked before it is booked; null: no policy. */
  policy: visitTypePolicy.nullable().default(null),
});
type VisitTypeBody = z.output<typeof visitTypeBody>;

interface VisitTypeRow {
  id: string; practice_id: PracticeId; version: number; service_code: string; name: string; duration_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number;
  minimum_notice_minutes: number; horizon_days: number; modality: VisitTypeBody['modality']; needs: VisitTypeBody['needs']; longer_visit_minutes: number; seats: number | null; active: boolean; public: boolean; sensitive: boolean;
  preparation: VisitTypeBody['preparation']; policy: VisitTypeBody['policy'];
}
const view = (row: VisitTypeRow) => ({
  id: row.id, practice: row.practice_id, service: row.service_code, name: row.name, durationMinutes: row.duration_minutes, bufferBeforeMinutes: row.buffer_before_minutes,
  bufferAfterMinutes: row.buffer_after_minutes, minimumNoticeMinutes: row.minimum_notice_minutes, horizonDays: row.horizon_days, modality: row.modality, needs: row.needs, longerVisitMinutes: row.longer_visit_minutes, seats: row.seats, active: row.active, public: row.public, sensitive: row.sensitive, preparation: row.preparation, policy: storedPolicy(row.policy), version: row.version,
});

/** A practice's own way to give a service of the catalogue. */
export const visitType: ReferenceKind<VisitTypeRow, VisitTypeBody, ReturnType<typeof visitTypeShown<ReturnType<typeof view>>>> = {
  noun: 'visit-type',
  table: new ReferenceTable<VisitTypeRow>('visit_type', ['id', 'practice_id', 'version', 'service_code', 'name', 'duration_minutes', 'buffer_before_minutes', 'buffer_after_minutes', 'minimum_notice_minutes', 'horizon_days', 'modality', 'needs', 'longer_visit_minutes', 'seats', 'active', 'public', 'sensitive', 'preparation', 'policy']),
  rowOf: (body, identity) => ({
    ...identity, service_code: body.service, name: body.name, duration_minutes: body.durationMinutes, buffer_before_minutes: body.bufferBeforeMinutes, buffer_after_minutes: body.bufferAfterMinutes,
    minimum_notice_minutes: body.minimumNoticeMinutes, horizon_days: body.horizonDays, modality: body.modality, needs: body.needs, longer_visit_minutes: body.longerVisitMinutes, seats: body.seats, active: body.active, public: body.public, sensitive: body.sensitive, preparation: body.preparation, policy: body.policy,
  }),
  complete: sensitiveWithItsService,
  viewOf: (row, viewer) => visitTypeShown(view(row), viewer),
  check: requireSound,
  event: (row) => eventOf(VisitTypeDefined, { key: row.id, host: row.practice_id }, { id: row.id, practice: row.practice_id, service: row.service_code, name: row.name, durationMinutes: row.duration_minutes, modality: row.modality, sensitive: row.sensitive }),
};

async function sensitiveWithItsService(tx: Tx, row: VisitTypeRow): Promise<VisitTypeRow> {
  const [service] = await tx.query<{ sensitive: boolean }>('SELECT sensitive FROM service WHERE code = $1', [row.service_code]);
  return { ...row, sensitive: row.sensitive || (service?.sensitive ?? false) };
}

async function requireSound(tx: Tx, row: VisitTypeRow): Promise<void> {
  await requireService(tx, row);
  if (row.public && row.sensitive) throw new z.ZodError([{ code: 'custom', path: ['public'], message: 'must be false: what is sensitive is not published', input: undefined }]);
  await requireRoomForSeats(tx, row);
}

async function requireService(tx: Tx, row: VisitTypeRow): Promise<void> {
  const [known] = await tx.query('SELECT 1 FROM service WHERE code = $1', [row.service_code]);
  if (!known) throw new z.ZodError([{ code: 'custom', path: ['service'], message: "must be a code of the partnership's catalogue", input: undefined }]);
}
