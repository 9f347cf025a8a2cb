import { Injectable } from '@nestjs/common';
import { type AgreementId, DAY, type Instant, type PracticeId, formatInstant, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { AgreementUnknown } from '../../agreements/domain/agreement.errors';
import { type Measured, answeredWithinHours, judge, monthBegun, percentOf } from '../domain/standards';
import { StandardFactsRepository, type Window } from '../persistence/standard-facts.repository';
import { type Measure, measures } from '../standards-terms.schema';

export interface StandardView {
  readonly practice: PracticeId;
  readonly measure: Measure;
  readonly limit: number;
  readonly periodDays: number;
  readonly leastCases: number;
  /** The first moment that is not measured any more: the beginning of the month. */
  readonly asOf: string;
  readonly value: number | null;
  readonly cases: number | null;
  readonly state: 'kept' | 'breached' | 'too-few';
}

/** How every party of an agreement keeps the standards of the version that was in force then. */
@Injectable()
export class MeasureStandards {
  constructor(private readonly facts: StandardFactsRepository) {}

  /** Throws AgreementUnknown: the reader is no party of what is in force at that instant. */
  async execute(sql: Sql, reader: PracticeId, agreement: AgreementId, at: Instant): Promise<StandardView[]> {
    const version = await this.facts.inForce(sql, agreement, reader, at);
    if (!version) throw new AgreementUnknown();
    const until = monthBegun(at);
    const views: StandardView[] = [];
    for (const practice of version.practices) {
      for (const measure of measures) {
        const standard = version.standards[measure];
        if (!standard) continue;
        const window: Window = { agreement, practice, from: plusMs(until, -standard.periodDays * DAY), until };
        views.push({ practice, measure, ...standard, asOf: formatInstant(until), ...judge(await this.measured(sql, measure, window), standard) });
      }
    }
    return views;
  }

  private async measured(sql: Sql, measure: Measure, window: Window): Promise<Measured> {
    if (measure === 'referral-answered-hours') return answeredWithinHours(await this.facts.referrals(sql, window), window.until);
    if (measure === 'texts-answered-hours') return answeredWithinHours(await this.facts.texts(sql, window), window.until);
    if (measure === 'bump-rate-percent') {
      const { visits, bumped } = await this.facts.bumps(sql, window);
      return percentOf(bumped, visits, visits);
    }
    if (measure === 'poor-feedback-percent') {
      const { answered, poor } = await this.facts.feedback(sql, window);
      return percentOf(poor, answered, answered);
    }
    const { offered, withdrawn, days } = await this.facts.withdrawals(sql, window);
    return percentOf(withdrawn, offered, days);
  }
}
