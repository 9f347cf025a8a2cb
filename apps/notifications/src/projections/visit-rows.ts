import type { AppointmentSnapshot, OfferSnapshot } from '@slotmesh/contracts';
import { type Instant, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type RecallState, takeOverRecall } from './recall-rows';

/**
 * What messages are about: a visit, or one that is offered. `host` is the practice that sends; an offer comes from the patient's own. An offer reads as a visit
 * that is proposed while it is open, booked once it is accepted, and cancelled however else it ended.
 */
export interface VisitState {
  readonly kind: 'appointment' | 'offer';
  readonly id: string;
  readonly host: string;
  readonly booking: string;
  readonly patient: string;
  readonly revision: number;
  readonly status: AppointmentSnapshot['status'];
  readonly site: string;
  readonly visitType: string;
  readonly provider: string;
  readonly modality: AppointmentSnapshot['modality'];
  readonly start: Instant;
  readonly end: Instant;
  readonly zone: string;
  /** Until when calling it off does not count as late; absent: always. */
  readonly cancelFreeUntil?: Instant | undefined;
  /** It lies on a closed day and the patient is asked to move it: in answers of the owner only. */
  readonly mustMove?: boolean | undefined;
  /** For nobody's eyes but the patient's; absent: no. */
  readonly confidential?: boolean | undefined;
  /** The later visit that a yes to an offer gives up; absent: none. */
  readonly replaces?: { readonly start: Instant; readonly zone: string } | undefined;
}

/** What a message may be about. */
export type SubjectState = VisitState | RecallState;

export const stateOfAppointment = (appointment: AppointmentSnapshot & { readonly mustMove?: boolean | undefined }): VisitState => ({ kind: 'appointment', ...appointment });
export const stateOfOffer = ({ practice, state, ...offer }: OfferSnapshot): VisitState => ({ ...offer, kind: 'offer', host: practice, booking: practice, status: state === 'open' ? 'proposed' : state === 'accepted' ? 'booked' : 'cancelled' });

const INSERT = `
  INSERT INTO visit AS own (id, kind, host, booking, patient, revision, status, site, provider, modality, start_at, end_at, zone, cancel_free_until, gives_up_at, gives_up_zone, visit_type, confidential) VALUES ($1, $13, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14, $15, $16, $17, $18)
  ON CONFLICT (id) DO UPDATE SET patient = excluded.patient, revision = excluded.revision, status = excluded.status, site = excluded.site, provider = excluded.provider,
    modality = excluded.modality, start_at = excluded.start_at, end_at = excluded.end_at, zone = excluded.zone, cancel_free_until = excluded.cancel_free_until,
    gives_up_at = excluded.gives_up_at, gives_up_zone = excluded.gives_up_zone, visit_type = excluded.visit_type, confidential = excluded.confidential`;
// Why two: the feed tells the steps of one revision in order, an answer to a question may be older than the last of them.
const FROM_FEED = `${INSERT} WHERE own.revision <= excluded.revision`;
const FROM_ANSWER = `${INSERT} WHERE own.revision < excluded.revision`;

/**
 * Takes over states and locks their rows, in the order of their ids, whether they change or not (P12): a change that comes from the feed and a
 * message about to leave wait for each other here. An older revision never overwrites a newer one.
 */
export async function takeOver(tx: Tx, states: readonly SubjectState[], from: 'feed' | 'answer' = 'feed'): Promise<void> {
  // Started together they run in this order.
  await Promise.all([...states].sort((x, y) => (x.id < y.id ? -1 : 1)).map((v) => (v.kind === 'recall'
    ? takeOverRecall(tx, v)
    : tx.execute(from === 'feed' ? FROM_FEED : FROM_ANSWER, [v.id, v.host, v.booking, v.patient, v.revision, v.status, v.site, v.provider, v.modality, toDate(v.start), toDate(v.end), v.zone, v.kind, v.cancelFreeUntil === undefined ? null : toDate(v.cancelFreeUntil), v.replaces ? toDate(v.replaces.start) : null, v.replaces?.zone ?? null, v.visitType, v.confidential ?? false]))));
}
