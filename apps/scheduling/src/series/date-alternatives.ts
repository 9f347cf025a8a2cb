import { Injectable } from '@nestjs/common';
import { DAY, HOUR, type Instant, type PatientId, type PracticeId, type ProviderId, type ServiceCode, type TimeRange, type VisitTypeId, type Zone, overlaps, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { viewOfOpenings } from '../openings/opening.view';
import { type FoundOpening, type OpeningSearch, FindOpenings } from '../openings/queries/find-openings';
import { type Clash, type ClashView, viewOfClash } from './clash.view';

export interface Wanted {
  readonly host: PracticeId;
  readonly service: ServiceCode;
  readonly visitType: VisitTypeId;
  readonly provider: ProviderId;
  readonly zone: Zone;
  /** The asking practice's record of the patient, so that times at which the patient is elsewhere are left out. */
  readonly patient: PatientId;
}
const EACH = 3;
/** Work is bounded: a series in which more dates clash is better planned anew. */
const MOST_DATES = 12;
const READ = 200;

/** For each date of a series that clashes what is free near it (P5): the same visit type by the same provider, else the same service at that practice; the nearest first. */
@Injectable()
export class DateAlternatives {
  constructor(private readonly find: FindOpenings) {}

  async of(sql: Sql, guest: PracticeId, clashes: readonly Clash[], wanted: Wanted, planned: readonly TimeRange[], now: Instant): Promise<ClashView[]> {
    const views: ClashView[] = [];
    for (const [i, clash] of clashes.entries()) {
      const near = i < MOST_DATES ? await this.near(sql, guest, wanted, clash.visit.start, planned, now) : [];
      views.push(viewOfClash(clash, wanted.zone, viewOfOpenings(near, guest)));
    }
    return views;
  }

  private async near(sql: Sql, guest: PracticeId, { host, service, visitType, provider, patient }: Wanted, start: Instant, planned: readonly TimeRange[], now: Instant): Promise<FoundOpening[]> {
    const search = async (asked: Partial<OpeningSearch>, before: number, after: number): Promise<FoundOpening[]> => {
      const range = { start: Math.max(now, plusMs(start, -before)) as Instant, end: plusMs(start, after) };
      const { openings } = await this.find.execute(sql, guest, { practice: host, patient, atOnce: true, ...asked, range, limit: READ }, now);
      const free = openings.filter((opening) => opening.how.bookable === 'hold' && opening.offer.visitType !== null && opening.start !== start && !planned.some((visit) => overlaps(visit, opening)));
      return free.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start));
    };
    const same = (await search({ visitType, provider }, 3 * DAY, 3 * DAY)).slice(0, EACH);
    if (same.length === EACH) return same;
    const others = (await search({ service }, 4 * HOUR, DAY)).filter(({ id }) => same.every((known) => known.id !== id));
    return [...same, ...others].slice(0, EACH);
  }
}
