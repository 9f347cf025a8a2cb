import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type OfferId, type OfferRoundId, type PatientId, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { PatientRestricts } from '../disclosure.errors';

export interface Restriction {
  readonly id: string;
  readonly practice: PracticeId;
  readonly patient: PatientId;
  /** Null: all partners. */
  readonly to: PracticeId | null;
  readonly sealedReason: string | null;
  readonly from: Instant;
  readonly setBy: string;
  readonly endedAt: Instant | null;
  readonly endedBy: string | null;
}
interface Row { id: string; practice_id: PracticeId; patient_id: PatientId; to_practice_id: PracticeId | null; sealed_reason: string | null; from_at: Date; set_by: string; ended_at: Date | null; ended_by: string | null }

/** To whom nothing about a patient may go. */
export type RestrictedTo = (practice: PracticeId) => boolean;

/** What patients asked their practices not to share with partners. */
@Injectable()
export class RestrictionRepository {
  async of(sql: Sql, patient: PatientId): Promise<Restriction[]> {
    return (await sql.query<Row>(`SELECT * FROM patient_restriction WHERE patient_id = $1 ORDER BY from_at, id`, [patient])).map(restrictionOf);
  }

  /** As a search may use it: stale the moment it is answered. */
  async restrictedTo(sql: Sql, patient: PatientId): Promise<RestrictedTo> {
    const held = (await this.of(sql, patient)).filter(({ endedAt }) => endedAt === null);
    return (practice) => held.some(({ to }) => to === null || to === practice);
  }

  /** Without a lock, where nothing leaves the practice yet. Throws PatientRestricts. */
  async require(sql: Sql, patient: PatientId, to: PracticeId): Promise<void> {
    const [row] = await sql.query<{ restricts: boolean }>('SELECT patient_restricts($1, $2) AS restricts', [patient, to]);
    if (row?.restricts) throw new PatientRestricts(to);
  }

  /** For the host of a request, who does not read restrictions of others' patients. */
  async takesBack(sql: Sql, request: AppointmentId): Promise<boolean> {
    const [row] = await sql.query<{ back: boolean }>('SELECT request_taken_back($1) AS back', [request]);
    return row?.back ?? false;
  }

  /** For who writes: what is asked for later waits until the transaction ends. Behind referrals and before the person (P1). Throws PatientRestricts. */
  async requireLocked(tx: Tx, patient: PatientId, to: PracticeId): Promise<void> {
    await tx.query('SELECT 1 FROM patient WHERE id = $1 FOR SHARE', [patient]);
    await this.require(tx, patient, to);
  }

  /** False: it is restricted already. */
  async add(tx: Tx, r: Restriction): Promise<boolean> {
    return (await tx.execute(`INSERT INTO patient_restriction (id, practice_id, patient_id, to_practice_id, sealed_reason, from_at, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [r.id, r.practice, r.patient, r.to, r.sealedReason, toDate(r.from), r.setBy])) === 1;
  }

  /** False: there is none that holds. */
  async end(tx: Tx, id: string, patient: PatientId, by: string): Promise<boolean> {
    return (await tx.execute(`UPDATE patient_restriction SET ended_at = $3, ended_by = $4 WHERE id = $1 AND patient_id = $2 AND ended_at IS NULL`, [id, patient, toDate(tx.now), by])) === 1;
  }

  async isPartner(sql: Sql, own: PracticeId, other: PracticeId): Promise<boolean> {
    return (await sql.query(`SELECT 1 FROM membership a JOIN membership b ON b.partnership_id = a.partnership_id WHERE a.practice_id = $1 AND b.practice_id = $2 AND a.practice_id <> b.practice_id`, [own, other])).length > 0;
  }

  /** Open offers of the patient for times of one partner, or of any, in the order in which their rounds are locked. */
  async openOffersAcross(sql: Sql, practice: PracticeId, patient: PatientId, to: PracticeId | null): Promise<{ readonly offer: OfferId; readonly round: OfferRoundId }[]> {
    return sql.query(`SELECT id AS offer, round_id AS round FROM offer WHERE patient_id = $2 AND practice_id = $1 AND state = 'open' AND host_id <> $1 AND ($3::text IS NULL OR host_id = $3) ORDER BY round_id, id`, [practice, patient, to]);
  }
}

const restrictionOf = (row: Row): Restriction => ({
  id: row.id, practice: row.practice_id, patient: row.patient_id, to: row.to_practice_id, sealedReason: row.sealed_reason, from: instantOfDate(row.from_at), setBy: row.set_by, endedAt: row.ended_at ? instantOfDate(row.ended_at) : null, endedBy: row.ended_by,
});
