import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type PracticeId, addDays, localDateOf } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type Agreement, type ShareFacts, type Visitor, unknownVisitor } from '../agreements/domain/share-rule';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { QuotaRepository } from '../agreements/persistence/quota.repository';
import type { Offer, Offering } from './domain/opening';
import { HostPressure, type KnownPressure } from './host-pressure';

/** Agreements and quota use of a whole search, read once. */
@Injectable()
export class SharingFacts {
  constructor(private readonly agreements: AgreementRepository, private readonly quotas: QuotaRepository, private readonly pressure: HostPressure) {}

  async load(sql: Sql, guest: PracticeId, from: Instant, to: Instant, now: Instant): Promise<{ readonly agreements: readonly Agreement[]; readonly facts: ShareFacts; readonly pressure: KnownPressure }> {
    const agreements = await this.agreements.of(sql, guest);
    const utc = 'UTC' as Offering['zone'];
    const used = await this.quotas.used(sql, agreements.map((agreement): AgreementId => agreement.id), addDays(localDateOf(from, utc), -1), addDays(localDateOf(to, utc), 1));
    const pressure = this.pressure.of(sql, agreements, now);
    return { agreements, facts: factsOf(now, used, pressure), pressure };
  }
}

export const shareRequest = (guest: PracticeId, offering: Offer, start: Instant, visitor: Visitor = unknownVisitor) => ({
  booking: guest, host: offering.practice, visitType: offering.visitType, service: offering.service, site: offering.site, provider: offering.provider, start, zone: offering.zone, visitor,
  providerTakes: offering.visitType === null ? null : offering.partnerVisitsPerDay,
  asksFirst: offering.visitType === null || offering.partnerApprovalHours === null ? null : { withinHours: offering.partnerApprovalHours, noticeMinutes: offering.minimumNoticeMinutes },
});
export const factsOf = (now: Instant, used: ShareFacts['used'], pressure: KnownPressure): ShareFacts => ({
  now, used, ownWaiting: (host, service) => pressure.ownWaiting(host, service), firstOwnStart: (host, visitType) => pressure.firstOwnStart(host, visitType), visitsThatFit: (rule, visitType, date) => pressure.visitsThatFit(rule, visitType, date),
});
