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

/** How long a practice's patients wait for each service with what partners share: the real search, as one of its desks (P7), over calendars that are kept here. Working days are its own. */
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
    const looked: { readonly service: ServiceCode; readonly horizonDays: number; readonly found: readonly FoundOpening[] }[] = [];
    for (const [service, horizonDays] of [...horizons].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await setImmediate();
      const range = { start: now, end: rangeOfDays(date, addDays(date, horizonDays), zone).end };
      const { openings } = await this.find.execute(sql, practice, { service, range, limit: 3 }, now);
      looked.push({ service, horizonDays, found: openings });
    }
    const open = await openDays(offered.filter(({ offering }) => offering.practice === practice), date, lastOf(date, looked.map(({ found }) => found)));
    return looked.map(({ service, horizonDays, found }) => ({ service, host: found[2]?.offer.practice ?? null, ...waitOf(date, found, open), horizonDays }));
  }
}
