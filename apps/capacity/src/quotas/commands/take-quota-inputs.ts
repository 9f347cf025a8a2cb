import { Injectable } from '@nestjs/common';
import { Clock, type LocalDate, type PartnershipId, type PracticeId, type ServiceCode, addDays, daysBetween, localDateOf, parseZone, weekdayOf } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import { demandSeries } from '../../forecasts/domain/demand-series';
import type { WeeksForecast } from '../../forecasts/domain/forecast-weeks';
import { ForecastsInThread } from '../../forecasts/forecasts-in-thread';
import { KnownDemandRepository } from '../../forecasts/persistence/known-demand.repository';
import { type Frame, type KnownLender, type OwnForecasts, knownInputs, servicesOf, whatIsMissing } from '../domain/known-quotas';
import type { QuotaInputs } from '../domain/quota-inputs';
import { LeavesOutNoPartner, TooLittleKnownForQuotas } from '../domain/quota-plan.errors';
import { KnownLendersRepository } from '../persistence/known-lenders.repository';
import { type QuotaQuestion, quotaQuestion } from '../quota-question.schema';

/** The plan is made for one quantile of demand and held against these. */
const BESIDE = [0.5, 0.95] as const;

export interface TakenInputs {
  readonly inputs: QuotaInputs;
  /** The same at other quantiles of demand, lower and higher. */
  readonly scenarios: readonly QuotaInputs[];
}
const UTC = parseZone('UTC');

/** Inputs of a quota plan from what is known: time as it is stated, the caller's demand as forecast, partners' as their last weeks. */
@Injectable()
export class TakeQuotaInputs {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly lenders: KnownLendersRepository, private readonly demandOf: KnownDemandRepository, private readonly forecasts: ForecastsInThread) {}

  /** Throws TooLittleKnownForQuotas, LeavesOutNoPartner. */
  async execute(actor: Actor, practice: PracticeId, question: QuotaQuestion): Promise<TakenInputs> {
    const frame = this.frame(question);
    const first = this.nextMonday();
    if (frame.firstWeek < first) throw new TooLittleKnownForQuotas([`The plan begins on ${frame.firstWeek}. A week that has begun is not planned: the first is that of ${first}.`]);
    const known = await this.work.run(onBehalfOf(actor), async (tx) => {
      const members = await this.lenders.members(tx, { practice });
      const strangers = question.leaveOut.filter((id) => id === practice || !members.includes(id));
      if (strangers.length > 0) throw new LeavesOutNoPartner(strangers, practice);
      return this.lenders.of(tx, members.filter((id) => !question.leaveOut.includes(id)), frame.firstWeek, frame.weeks);
    });
    const missing = whatIsMissing(known, frame, practice);
    if (missing.length > 0) throw new TooLittleKnownForQuotas(missing);
    return taken(known, frame, question.demandFrom === 'forecast' ? await this.ownForecasts(actor, practice, known, frame) : null);
  }

  /** Of a whole partnership, seen by none of its practices: each as its partners may know it. Throws TooLittleKnownForQuotas. */
  async ofPartnership(actor: Actor, partnership: PartnershipId): Promise<TakenInputs> {
    const frame = this.frame(quotaQuestion.parse({}));
    const known = await this.work.run(actor, async (tx) => this.lenders.of(tx, await this.lenders.members(tx, { partnership }), frame.firstWeek, frame.weeks));
    return taken(known, frame, null);
  }

  private readonly frame = ({ firstWeek, ...rest }: QuotaQuestion): Frame => ({ ...rest, firstWeek: firstWeek ?? this.nextMonday() });

  private nextMonday(): LocalDate {
    const today = localDateOf(this.clock.now(), UTC);
    return addDays(today, 8 - weekdayOf(today));
  }

  private async ownForecasts(actor: Actor, practice: PracticeId, known: readonly KnownLender[], frame: Frame): Promise<OwnForecasts> {
    const own = known.find((lender) => lender.practice === practice);
    const services = servicesOf(known, frame).filter((service) => own?.services.some((one) => one.service === service && one.requests > 0 && one.visitMinutes !== null));
    const made = await this.work.run(actor, async (tx) => {
      const found = [];
      for (const service of services) {
        const demand = await this.demandOf.of(tx, practice, service);
        found.push({ service, series: demandSeries(demand, daysTo(demand.today, frame)) });
      }
      return found;
    });
    const [ready, refused] = [made.flatMap(({ service, series }) => (series.kind === 'series' ? [{ service, series }] : [])), made.flatMap(({ service, series }) => (series.kind === 'refused' ? [{ service, reason: series.reason }] : []))];
    // Why outside of the transaction: it takes as long as many queries.
    const answers = await this.forecasts.weeks(practice, { series: ready.map(({ series }) => series), firstWeek: frame.firstWeek, weeks: frame.weeks });
    const of = new Map<ServiceCode, WeeksForecast>();
    ready.forEach(({ service }, i) => {
      const answer = answers[i];
      if (answer?.kind === 'weeks') of.set(service, answer);
      else refused.push({ service, reason: answer?.reason ?? 'It was not forecast.' });
    });
    if (refused.length > 0) throw new TooLittleKnownForQuotas([...refused.map(({ service, reason }) => `Your demand for ${service} cannot be forecast: ${reason}`), 'Name other "services", or take the mean of the last 13 weeks with "demandFrom": "last-weeks".']);
    return { practice, of };
  }
}

const taken = (known: readonly KnownLender[], frame: Frame, own: OwnForecasts | null): TakenInputs => ({ inputs: knownInputs(known, frame, frame.demandQuantile, own), scenarios: BESIDE.map((quantile) => knownInputs(known, frame, quantile, own)) });

/** Dates from today to the plan's last one. */
const daysTo = (today: Frame['firstWeek'], { firstWeek, weeks }: Frame): number => daysBetween(today, addDays(firstWeek, 7 * weeks));
