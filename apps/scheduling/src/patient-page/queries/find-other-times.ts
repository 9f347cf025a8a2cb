import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type LocalDate, type OpeningId, type TimeRange, type Zone, instantOf, parseLocalTime, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type MoveCandidate, bestMoves } from '../../absences/domain/moves';
import { parseOpeningId } from '../../openings/domain/opening-id';
import { FindOpenings, type OpeningSearch } from '../../openings/queries/find-openings';
import { ChainGaps } from '../../visit-chains/chain-gaps';
import { actionsOn } from '../domain/page-rights';
import { type LinkedVisit, LinkedVisits, audienceOf } from '../linked-visits';
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
/** Around a time that cannot be kept. */
const PROPOSED = { daysBefore: 3, days: 35, lookedAt: 200 };

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
      const { times, more } = await this.search(tx, visit, { range, limit: MOST, unsaid, ...after });
      return { visit: { ...visit, actions: actionsOn(appointment, visit.rights, tx.now), now: tx.now }, times, more };
    });
  }

  /** Of a visit that cannot take place as it stands, the best times as the desk's proposals are ranked, of those to which the page can move it. Throws LinkUnknown, LinkEnded. */
  async proposed(token: string): Promise<readonly OtherTime[]> {
    const unsaid = await this.unsaid(token);
    return this.visits.run(token, async (tx, visit) => {
      const { appointment } = visit;
      const start = Math.max(tx.now, plusMs(appointment.start, -PROPOSED.daysBefore * DAY)) as Instant;
      const { times } = await this.search(tx, visit, { range: { start, end: plusMs(start, PROPOSED.days * DAY) }, limit: PROPOSED.lookedAt, unsaid });
      return bestMoves({ ...appointment, practice: appointment.host }, times.map((time) => ({ ...time.place, time }))).map(({ to }) => to.time);
    });
  }

  private async search(tx: Tx, { appointment, representative, patient }: LinkedVisit, by: Pick<OpeningSearch, 'range' | 'limit' | 'unsaid' | 'after'>): Promise<{ readonly times: readonly (OtherTime & { readonly place: MoveCandidate })[]; readonly more: boolean }> {
    const withheld = representative === null ? [] : await this.refused.of(tx, { patient: patient.id, audience: audienceOf(representative) });
    const { openings, more } = await this.find.execute(tx, appointment.booking, { visitType: appointment.visitType, practice: appointment.host, patient: appointment.patient, referral: appointment.referral, withheld, atOnce: true, ...by }, tx.now);
    const keepsGaps = await this.gaps.keeper(tx, appointment);
    const times = openings.flatMap(({ id, start, end, offer, how }) => {
      const { zone, practice } = offer;
      if (how.bookable !== 'hold' || offer.visitType === null || !keepsGaps({ start, end, zone })) return [];
      return [{ opening: id, start, zone, site: offer.siteName, provider: offer.providerName, place: { id, practice, site: offer.site, provider: offer.provider, start, zone } }];
    });
    return { times, more };
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
