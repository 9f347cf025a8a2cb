import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Instant, type LocalDate, type PracticeId, type ServiceCode, type Zone, addDays } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { isCovered } from '../agreements/domain/share-rule';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { rangeOfDays } from '../availability/domain/working-hours';
import { RestrictionRepository } from '../disclosures/persistence/restriction.repository';
import { OwnOpenings } from '../openings/own-openings';
import { OpeningDirectory } from '../openings/persistence/opening-directory';
import { FindOpenings, type FoundOpening } from '../openings/queries/find-openings';
import { SharingFacts, shareRequest } from '../openings/sharing-facts';
import { PolicyFacts } from '../policies/policy-facts';
import type { NetworkWait } from './access.events';
import { FARTHEST_DAYS, lastOf, waitOf } from './domain/wait';
import { openDays } from './open-days';

/** How long a practice's patients wait for each service with what partners share, and in own time alone: the real search, as one of its desks (P7), over calendars that are kept here. Working days are its own. */
@Injectable()
export class NetworkWaits {
  private readonly find: FindOpenings;

  constructor(own: OwnOpenings, sharing: SharingFacts, policies: PolicyFacts, restrictions: RestrictionRepository, private readonly agreements: AgreementRepository, private readonly directory: OpeningDirectory) {
    this.find = new FindOpenings([own], sharing, policies, restrictions);
  }

  /** Run as the practice, so that row-level security shows what its desks see. */
  async of(sql: Sql, practice: PracticeId, zone: Zone, date: LocalDate, now: Instant): Promise<NetworkWait[]> {
    const agreed = await this.agreements.of(sql, practice);
    const offered = (await this.directory.matching(sql, {}, now)).filter(({ offering }) => offering.practice === practice || isCovered(shareRequest(practice, offering, now), agreed));
    const horizons = new Map<ServiceCode, number>();
    for (const { offering: { service, horizonDays } } of offered) horizons.set(service, Math.max(horizons.get(service) ?? 0, Math.min(horizonDays, FARTHEST_DAYS)));
    const mine = offered.filter(({ offering }) => offering.practice === practice);
    const services = new Set(mine.map(({ offering }) => offering.service));
    const looked: { readonly service: ServiceCode; readonly horizonDays: number; readonly found: readonly FoundOpening[]; readonly own: readonly FoundOpening[] | null }[] = [];
    for (const [service, horizonDays] of [...horizons].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await setImmediate();
      const range = { start: now, end: rangeOfDays(date, addDays(date, horizonDays), zone).end };
      const { openings: found } = await this.find.execute(sql, practice, { service, range, limit: 3 }, now);
      const isOwn = found.length === 3 && found.every(({ offer }) => offer.practice === practice);
      const own = !services.has(service) ? null : isOwn ? found : (await this.find.execute(sql, practice, { service, practice, range, limit: 3 }, now)).openings;
      looked.push({ service, horizonDays, found, own });
    }
    const open = await openDays(mine, date, lastOf(date, looked.flatMap(({ found, own }) => [found, own ?? []])));
    return looked.map(({ service, horizonDays, found, own }) => ({ service, host: found[2]?.offer.practice ?? null, ...waitOf(date, found, open), horizonDays, own: own && waitOf(date, own, open) }));
  }
}
