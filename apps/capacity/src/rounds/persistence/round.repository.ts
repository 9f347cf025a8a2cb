import { Injectable } from '@nestjs/common';
import type { EventData, OfferRoundEnded } from '@slotmesh/contracts';
import { type Instant, formatInstant, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

@Injectable()
export class RoundRepository {
  /** A round ends once. */
  async save(tx: Tx, r: EventData<typeof OfferRoundEnded>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO offer_round (id, host, service, visit_type, provider, site, start_at, end_at, zone, freed_by, freed_at, ended_at, month, outcome, offers, appointment, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, date_trunc('month', $13::date)::date, $14, $15, $16, $17) ON CONFLICT (id) DO NOTHING`,
      [r.id, r.host, r.service, r.visitType, r.provider, r.site, formatInstant(r.start), formatInstant(r.end), r.zone, r.freedBy, formatInstant(r.freedAt), formatInstant(r.at), localDateOf(r.at, r.zone), r.outcome, r.offers, r.appointment, formatInstant(at)],
    );
  }
}
