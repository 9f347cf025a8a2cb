import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Instant, type LocalDate, type PracticeId, type ProviderId, type SiteId, type TimeRange, DAY, addDays, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { rangeOfDays } from '../availability/domain/working-hours';
import { type Reads, inOrder, linesOf } from '../openings/own-openings';
import { CalendarRepository } from '../openings/persistence/calendar.repository';
import { type Offered, OpeningDirectory } from '../openings/persistence/opening-directory';
import type { OwnWait } from './access.events';
import { FARTHEST_DAYS, type FoundStart, lastOf, waitOf } from './domain/wait';
import { openDays } from './open-days';

/** Providers whose taken time is read in one go. */
const PROVIDERS_AT_ONCE = 8;
interface Look {
  readonly now: Instant;
  readonly range: TimeRange;
  readonly reads: Reads;
}

/**
 * How long patients wait at a site, by the same functions as a search of its own desk. Taken time is read once for some providers and all the days that can be booked:
 * a search for each visit type would read it piece by piece, and all of it again where all is full.
 */
@Injectable()
export class OwnWaits {
  constructor(private readonly directory: OpeningDirectory, private readonly calendars: CalendarRepository) {}

  async at(sql: Sql, practice: PracticeId, site: SiteId, date: LocalDate, now: Instant): Promise<OwnWait[]> {
    const offered = await this.directory.matching(sql, { practice, site }, now);
    const byProvider = new Map<ProviderId, Offered[]>();
    for (const one of offered) byProvider.set(one.offering.provider, [...(byProvider.get(one.offering.provider) ?? []), one]);
    const providers = [...byProvider.values()];
    const looked: { readonly one: Offered; readonly found: readonly FoundStart[] }[] = [];
    for (let i = 0; i < providers.length; i += PROVIDERS_AT_ONCE) {
      const some = providers.slice(i, i + PROVIDERS_AT_ONCE);
      const range = { start: now, end: endOf(some.flat(), date) };
      const reads = await this.readOnce(sql, some.flat(), range);
      for (const ofProvider of some) {
        // Why: bookings are answered by the same thread.
        await setImmediate();
        for (const one of ofProvider) looked.push({ one, found: await firstThree(one, { now, range, reads }) });
      }
    }
    const open = await openDays(offered, date, lastOf(date, looked.map(({ found }) => found)));
    return looked.map(({ one: { offering: { provider, visitType, service, policy, horizonDays } }, found }) => ({
      provider, visitType, service, patients: patientsOf(policy?.patients), ...waitOf(date, found, open), horizonDays: Math.min(horizonDays, FARTHEST_DAYS),
    }));
  }

  private async readOnce(sql: Sql, offered: readonly Offered[], range: TimeRange): Promise<Reads> {
    const resources = new Set<string>(offered.flatMap(({ offering, candidates }) => [offering.providerResource, ...candidates(offering).flatMap((need) => need.resources)]));
    // Why a day around it: buffers hang over its edges.
    const busy = await this.calendars.busy(sql, [...resources], { start: plusMs(range.start, -DAY), end: plusMs(range.end, DAY) });
    return {
      busy: () => Promise.resolve(busy),
      begun: (providers, visitTypes, during) => this.calendars.begun(sql, providers, visitTypes, during),
      sessions: (visitTypes, during) => this.calendars.sessions(sql, visitTypes, during),
    };
  }
}

function endOf(offered: readonly Offered[], date: LocalDate): Instant {
  const days = Math.min(FARTHEST_DAYS, Math.max(...offered.map(({ offering }) => offering.horizonDays)));
  return Math.max(...offered.map(({ offering: { zone } }) => rangeOfDays(date, addDays(date, days), zone).end)) as Instant;
}

async function firstThree(offered: Offered, { now, range, reads }: Look): Promise<FoundStart[]> {
  const found: FoundStart[] = [];
  for await (const openings of inOrder(linesOf([offered], range, now), 3, now, reads)) {
    for (const { start, offer } of openings) if (found.push({ start, zone: offer.zone }) === 3) return found;
  }
  return found;
}

const patientsOf = (patients: 'any' | 'new' | 'established' = 'any'): OwnWait['patients'] => (patients === 'any' ? 'all' : patients);
