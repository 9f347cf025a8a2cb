import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type OpeningId, type Zone, plusMs } from '@slotmesh/kernel';
import { FindOpenings } from '../../openings/queries/find-openings';
import { actionsOn } from '../domain/page-rights';
import { LinkedVisits } from '../linked-visits';
import type { ReadableVisit } from './read-visit';

export interface OtherTime {
  readonly opening: OpeningId;
  readonly start: Instant;
  readonly zone: Zone;
  readonly site: string;
  readonly provider: string;
}

const DAYS_AHEAD = 90;
const MOST = 20;

/** To which times the visit could go: the same visit type at the same host, with the rights of the practice that booked it (as MoveVisit decides). Throws LinkUnknown, LinkEnded. */
@Injectable()
export class FindOtherTimes {
  constructor(private readonly visits: LinkedVisits, private readonly find: FindOpenings) {}

  execute(token: string): Promise<{ readonly visit: ReadableVisit; readonly times: readonly OtherTime[] }> {
    return this.visits.run(token, async (tx, visit) => {
      const { appointment } = visit;
      tx.audit.record({ action: 'patient-page.times-read', entity: 'appointment', entityId: appointment.id, patient: visit.patient.id });
      const search = { visitType: appointment.visitType, practice: appointment.host, patient: appointment.patient, range: { start: tx.now, end: plusMs(tx.now, DAYS_AHEAD * DAY) }, limit: MOST };
      const { openings } = await this.find.execute(tx, appointment.booking, search, tx.now);
      const times = openings.flatMap(({ id, start, offer, how }): OtherTime[] => (how.bookable === 'hold' && offer.visitType !== null ? [{ opening: id, start, zone: offer.zone, site: offer.siteName, provider: offer.providerName }] : []));
      return { visit: { ...visit, actions: actionsOn(appointment, visit.rights, tx.now), now: tx.now }, times };
    });
  }
}
