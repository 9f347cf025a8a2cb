import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type LocalDate, formatInstant, instantOfDate, parseZone, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { VisitOfPatient } from '../domain/booking-facts';

const row = z.object({ id: z.string(), patient: z.string(), booked_at: z.date(), start_at: z.date(), zone: z.string(), service: z.string(), modality: z.string(), status: z.enum(['fulfilled', 'noshow', 'booked']), settled_at: z.date().nullable() })
  .transform((v): VisitOfPatient => ({
    id: v.id, patient: v.patient, bookedAt: instantOfDate(v.booked_at), start: instantOfDate(v.start_at), zone: parseZone(v.zone), service: v.service, modality: v.modality, outcome: v.status === 'booked' ? null : v.status === 'fulfilled' ? 'kept' : 'missed', settledAt: v.settled_at === null ? null : instantOfDate(v.settled_at),
  }));

const count = z.object({ visits: z.number() });
const SETTLED = "v.host = $1 AND v.start_at >= $2 AND v.status IN ('fulfilled', 'noshow') AND v.patient IS NOT NULL AND v.settled_at IS NOT NULL";

/** Enough for a fit; more would hold up the process while it fits. */
const MOST_VISITS = 10_000;
const DAYS = 730;

const SELECT = "SELECT v.id, v.patient, v.booked_at, v.start_at, v.zone, CASE WHEN s.sensitive THEN 'other' ELSE v.service END AS service, v.modality, v.status, v.settled_at FROM visit v LEFT JOIN service s ON s.code = v.service";

@Injectable()
export class VisitsOfPatientsRepository {
  /**
   * Visits of a host with an outcome, from two years before training on. Of a large practice only every second, fourth, .. patient, by the id's hash, with all of their visits: a cut by date would leave too short a time to test in.
   * Why services that tell why somebody comes are `other`: a weight of theirs would act on what the score must not know.
   */
  async settled(tx: Tx, host: string, trainedAt: Instant, mostVisits = MOST_VISITS): Promise<VisitOfPatient[]> {
    const from = formatInstant(plusMs(trainedAt, -DAYS * DAY));
    const [counted] = await tx.query(`SELECT count(*)::int AS visits FROM visit v WHERE ${SETTLED} AND v.start_at < $3`, [host, from, formatInstant(trainedAt)]);
    const everyPatient = 2 ** Math.ceil(Math.log2(Math.max(1, count.parse(counted).visits / mostVisits)));
    const rows = await tx.query(
      `${SELECT}
       WHERE ${SETTLED} AND v.start_at < $3 AND ('x' || substr(md5(v.patient::text), 1, 7))::bit(28)::int % $4 = 0 ORDER BY v.start_at, v.id`,
      [host, from, formatInstant(tx.now), everyPatient],
    );
    return rows.map((one) => row.parse(one));
  }

  /** A host's booked visits that have not begun, on dates from one to another, in order of time; one more than `most` at most. */
  async booked(tx: Tx, host: string, from: LocalDate, to: LocalDate, most: number): Promise<VisitOfPatient[]> {
    const rows = await tx.query(`${SELECT} WHERE v.host = $1 AND v.status = 'booked' AND v.patient IS NOT NULL AND v.day BETWEEN $2::date AND $3::date AND v.start_at > $4 ORDER BY v.start_at, v.id LIMIT $5`, [host, from, to, formatInstant(tx.now), most + 1]);
    return rows.map((one) => row.parse(one));
  }

  /** What these patients' earlier visits at a host came to, over two years. */
  async historyOf(tx: Tx, host: string, patients: readonly string[]): Promise<VisitOfPatient[]> {
    const rows = await tx.query(`${SELECT} WHERE ${SETTLED} AND v.start_at < $3 AND v.patient = ANY ($4::uuid[]) ORDER BY v.start_at, v.id`, [host, formatInstant(plusMs(tx.now, -DAYS * DAY)), formatInstant(tx.now), [...patients]]);
    return rows.map((one) => row.parse(one));
  }
}
