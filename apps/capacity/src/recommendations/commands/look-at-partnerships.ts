import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { Clock, DomainError, FIRST_INSTANT, type Instant, type LocalDate, type LocalTime, type PartnershipId, type PracticeId, type Zone, addDays, instantOf, localDateOf, newId, weekdayOf } from '@slotmesh/kernel';
import { practiceId } from '@slotmesh/contracts';
import { type Sql, UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { type KnownQuotaPlan, MakeQuotaPlan } from '../../quotas/commands/make-quota-plan';
import { TakeQuotaInputs } from '../../quotas/commands/take-quota-inputs';
import { QuotaPlanRepository } from '../../quotas/persistence/quota-plan.repository';
import { quotaQuestion } from '../../quotas/quota-question.schema';
import type { Advice as Simulated } from '../../simulation/domain/advice';
import { dailyWork } from '../../simulation/domain/simulated-work';
import { answerFromThread } from '../../threads/answer-from-thread';
import { type KnownPractice, partnershipTogether } from '../../what-if/domain/known-practices';
import { KnownPracticeRepository } from '../../what-if/persistence/known-practice.repository';
import { type Advice, type AdviceKind } from '../domain/advice';
import { gainOf, quotaAdvice } from '../domain/quota-advice';
import { TRIED_SHARES, WEEKLY_RUNS, sharingAdvice } from '../domain/sharing-advice';
import { MeasuredRepository } from '../persistence/measured.repository';
import { PartnershipTurnRepository } from '../persistence/partnership-turn.repository';
import { RecommendationRepository } from '../persistence/recommendation.repository';

const NAME = 'partnership-advice';
const TIME_OF_LOOK = '05:00' as LocalTime;
const MOST_SECONDS = 30;
/** Slots a day of all practices, or requests where they are more, times years: seconds of a core. Six practices of twenty slots have a sixth of it. */
const MOST_SLOT_YEARS = 50_000;
const SHARING: readonly AdviceKind[] = ['share-time', 'add-time-first'];
const QUOTAS: readonly AdviceKind[] = ['release-slots'];

/** What was found of some kinds of advice; null: it could not be looked for, and what stands, stands. */
interface Found {
  readonly kinds: readonly AdviceKind[];
  readonly of: (practice: PracticeId, offeredNow: number) => readonly Advice[];
  readonly plan: KnownQuotaPlan | null;
}

/**
 * Looks at each partnership once a week, on Monday at 05:00 of its first practice's wall time: what a simulation of the partnership says of sharing, and what a plan of quotas would lend. Where too little is known, what was advised ends;
 * where it takes too long or fails, it is tried again in the next week. The same numbers in the same week give the same advice.
 */
@Injectable()
export class LookAtPartnerships {
  private readonly logger = new Logger(NAME);
  private readonly actor = workerFor(NAME, null);
  /** Looks that have taken their turn and not ended: due until they have. */
  private inHand = 0;

  constructor(
    private readonly work: UnitOfWork, private readonly clock: Clock, private readonly turns: PartnershipTurnRepository, private readonly known: KnownPracticeRepository, private readonly quotaInputs: TakeQuotaInputs, private readonly quotas: MakeQuotaPlan,
    private readonly plans: QuotaPlanRepository, private readonly measures: MeasuredRepository, private readonly recommendations: RecommendationRepository,
  ) {}

  /** One partnership; returns how many were looked at. */
  async execute(): Promise<number> {
    const [due] = await this.work.run(this.actor, (tx) => this.turns.due(tx, tx.now, 1));
    if (due === undefined) return 0;
    this.inHand++;
    try {
      await this.look(due);
    } finally {
      this.inHand--;
    }
    return 1;
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const waits = await this.turns.due(sql, this.clock.now(), 1);
    // Why asked after it: a turn that was taken meanwhile is in hand by then.
    return waits.length > 0 || this.inHand > 0 ? FIRST_INSTANT : this.turns.nextDue(sql);
  }

  private async look({ partnership, zone }: { readonly partnership: PartnershipId; readonly zone: Zone }): Promise<void> {
    const taken = await this.work.run(this.actor, async (tx) => ((await this.turns.take(tx, partnership, nextLook(tx.now, zone))) ? { known: await this.known.partnership(tx, { partnership }), today: localDateOf(tx.now, zone) } : null));
    if (taken === null) return;
    for (const look of [() => this.lookAtSharing(partnership, taken.known, taken.today), () => this.lookAtQuotas(partnership)]) {
      const found = await this.tried(partnership, look);
      if (found !== null) await this.renew(taken.known, found);
    }
  }

  private async tried(partnership: PartnershipId, look: () => Promise<Found | null>): Promise<Found | null> {
    try {
      return await look();
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error;
      // Why it goes on: what keeps one kind of advice, or one partnership, from being looked at must not keep the others.
      this.logger.warn({ partnership, error: error instanceof Error ? error.message : 'unknown' }, 'advice of a partnership could not be looked for and is tried again next week');
      return null;
    }
  }

  private async lookAtSharing(partnership: PartnershipId, known: readonly KnownPractice[], week: LocalDate): Promise<Found | null> {
    const simulated = orTooLittleKnown(() => partnershipTogether(known));
    if (simulated === null) return { kinds: SHARING, of: () => [], plan: null };
    if (dailyWork(simulated) * WEEKLY_RUNS * (TRIED_SHARES.length + 3) > MOST_SLOT_YEARS) return null;
    const settings = { runs: WEEKLY_RUNS, seed: seedOf(partnership, addDays(week, 1 - weekdayOf(week))) };
    const answer = await answerFromThread<Simulated>(join(__dirname, '..', 'sharing-thread'), { partnership: simulated, settings, shares: TRIED_SHARES }, MOST_SECONDS);
    return { kinds: SHARING, plan: null, of: (practice) => known.filter(({ id }) => id === practice).flatMap((one) => sharingAdvice(answer, one)) };
  }

  private async lookAtQuotas(partnership: PartnershipId): Promise<Found | null> {
    const inputs = await this.quotaInputs.ofPartnership(this.actor, partnership).catch((error: unknown) => { if (isTooLittle(error)) return null; throw error; });
    if (inputs === null) return { kinds: QUOTAS, of: () => [], plan: null };
    const plan = await this.quotas.planFor(newId(), null, quotaQuestion.parse({ demandFrom: 'last-weeks' }), inputs);
    if (plan.solution.lends.length === 0 || gainOf(plan.known.scenarios) === null) return { kinds: QUOTAS, of: () => [], plan: null };
    return { kinds: QUOTAS, plan, of: (practice, offeredNow) => quotaAdvice({ id: plan.id, inputs: inputs.inputs, lends: plan.solution.lends, scenarios: plan.known.scenarios }, practice, offeredNow) };
  }

  private async renew(known: readonly KnownPractice[], { kinds, of, plan }: Found): Promise<void> {
    if (plan !== null) await this.work.run(this.actor, (tx) => this.plans.add(tx, plan));
    for (const id of known.map((practice) => practiceId.parse(practice.id))) {
      await this.work.run(workerFor(NAME, id), async (tx) => {
        const offeredNow = (await this.measures.before(tx, 'shared-offered', null, tx.now)) ?? 0;
        await this.recommendations.renew(tx, id, kinds, of(id, offeredNow));
      });
    }
  }
}

function nextLook(now: Instant, zone: Zone): Instant {
  const today = localDateOf(now, zone);
  const morning = instantOf(today, TIME_OF_LOOK, zone);
  return weekdayOf(today) === 1 && morning > now ? morning : instantOf(addDays(today, 8 - weekdayOf(today)), TIME_OF_LOOK, zone);
}

const isTooLittle = (error: unknown): boolean => error instanceof DomainError && error.code === 'too-little-known';
function orTooLittleKnown<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (isTooLittle(error)) return null;
    throw error;
  }
}

/** Thirty bits of both. */
const seedOf = (partnership: PartnershipId, monday: LocalDate): number => createHash('sha256').update(`${partnership} ${monday}`).digest().readUInt32BE(0) >>> 2;
