import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type LocalDate, type OpeningId, type TimeRange, type Zone, instantOf, parseLocalTime, plusMs } from '@slotmesh/kernel';
import { parseOpeningId } from '../../openings/domain/opening-id';
import { FindOpenings } from '../../openings/queries/find-openings';
import { ChainGaps } from '../../visit-chains/chain-gaps';
import { actionsOn } from '../domain/page-rights';
import { LinkedVisits, audienceOf } from '../linked-visits';
import { PatientLinks } from '../patient-links';
import { ConfidentialVisitsRepository } from '../persistence/confidential-visits.repository';
import { RefusedTimesRepository } from '../persistence/refused-times.repository';
import type { ReadableVisit } from './read-visit';

/** Where the list begins: now, on a day (of the visit's site), at a time, or behind one that was shown. */
export type FirstTime = { readonly day: LocalDate } | { readonly at: Instant } | { readonly behind: OpeningId } | null;

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
  constructor(private readonly visits: LinkedVisits, private readonly find: FindOpenings, private readonly gaps: ChainGaps, private readonly links: PatientLinks, private readonly confidential: ConfidentialVisitsRepository, private readonly refused: RefusedTimesRepository) {}

  async execute(token: string, first: FirstTime = null): Promise<{ readonly visit: ReadableVisit; readonly times: readonly OtherTime[]; readonly more: boolean }> {
    const unsaid = await this.unsaid(token);
    return this.visits.run(token, async (tx, visit) => {
      const { appointment } = visit;
      tx.audit.record({ action: 'patient-page.times-read', entity: 'appointment', entityId: appointment.id, patient: visit.patient.id });
      const range = { start: Math.max(tx.now, startOf(first, appointment.zone)) as Instant, end: plusMs(tx.now, DAYS_AHEAD * DAY) };
      const after = first !== null && 'behind' in first ? { after: { start: parseOpeningId(first.behind).start, id: first.behind } } : {};
      const search = { visitType: appointment.visitType, practice: appointment.host, patient: appointment.patient, referral: appointment.referral, range, limit: MOST, unsaid, withheld: visit.representative === null ? [] : await this.refused.of(tx, { patient: visit.patient.id, audience: audienceOf(visit.representative) }), ...after };
      const { openings, more } = await this.find.execute(tx, appointment.booking, search, tx.now);
      const keepsGaps = await this.gaps.keeper(tx, appointment);
      const times = openings.flatMap(({ id, start, end, offer, how }): OtherTime[] => (how.bookable === 'hold' && offer.visitType !== null && keepsGaps({ start, end, zone: offer.zone }) ? [{ opening: id, start, zone: offer.zone, site: offer.siteName, provider: offer.providerName }] : []));
      return { visit: { ...visit, actions: actionsOn(appointment, visit.rights, tx.now), now: tx.now }, times, more };
    });
  }

  /** Why: a gap in every provider's times at once would tell a representative when there is a confidential visit. A move into it is refused like any other, and counted; and whatever was refused is not shown to the representative again, so that no second look tells a taken time from one that only this patient cannot have. */
  private async unsaid(token: string): Promise<readonly TimeRange[]> {
    if (!this.links.read(token)?.representative) return [];
    return this.visits.run(token, (tx, { patient }) => this.confidential.timesOf(tx, patient.person_id, tx.now), { asWorker: true });
  }
}

function startOf(first: FirstTime, zone: Zone): number {
  if (first === null || 'behind' in first) return 0;
  return 'at' in first ? first.at : instantOf(first.day, MIDNIGHT, zone);
}
const MIDNIGHT = parseLocalTime('00:00');
