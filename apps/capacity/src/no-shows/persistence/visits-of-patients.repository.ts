import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { VisitOfPatient } from '../domain/booking-facts';

const row = z.object({ id: z.string(), patient: z.string(), booked_at: z.date(), start_at: z.date(), zone: z.string(), service: z.string(), modality: z.string(), status: z.enum(['fulfilled', 'noshow']), settled_at: z.date() })
  .transform((v): VisitOfPatient => ({
    id: v.id, patient: v.patient, bookedAt: instantOfDate(v.booked_at), start: instantOfDate(v.start_at), zone: parseZone(v.zone), service: v.service, modality: v.modality, outcome: v.status === 'fulfilled' ? 'kept' : 'missed', settledAt: instantOfDate(v.settled_at),
  }));

/** Enough for a fit, and read and fitted within about a second. */
const MOST_VISITS = 20_000;

@Injectable()
export class VisitsOfPatientsRepository {
  /** The newest visits of a host with an outcome. Why services that tell why somebody comes are `other`: a weight of theirs would act on what the score must not know. */
  async settled(tx: Tx, host: string): Promise<VisitOfPatient[]> {
    const rows = await tx.query(
      `SELECT v.id, v.patient, v.booked_at, v.start_at, v.zone, CASE WHEN s.sensitive THEN 'other' ELSE v.service END AS service, v.modality, v.status, v.settled_at
       FROM visit v LEFT JOIN service s ON s.code = v.service
       WHERE v.host = $1 AND v.status IN ('fulfilled', 'noshow') AND v.patient IS NOT NULL AND v.settled_at IS NOT NULL AND v.start_at < $2 ORDER BY v.start_at DESC, v.id LIMIT $3`,
      [host, formatInstant(tx.now), MOST_VISITS],
    );
    return rows.map((one) => row.parse(one));
  }
}
