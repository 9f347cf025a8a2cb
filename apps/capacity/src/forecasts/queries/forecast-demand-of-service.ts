import { Injectable } from '@nestjs/common';
import { DomainError, type PracticeId, type ServiceCode, addDays, formatInstant, parseLocalDate } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { measureCalled } from '../../measures/domain/catalogue';
import { missingSources } from '../../measures/domain/sources';
import { CatalogueRepository } from '../../measures/persistence/catalogue.repository';
import { SourceProgressRepository } from '../../measures/persistence/source-progress.repository';
import type { Figures } from '../domain/backtest';
import { type DemandSeries, demandSeries } from '../domain/demand-series';
import type { ForecastPoint } from '../domain/forecast';
import type { CalendarDay } from '../domain/series';
import { ForecastsInThread } from '../forecasts-in-thread';
import { KnownDemandRepository } from '../persistence/known-demand.repository';

export class ForecastOfNoPractice extends DomainError {
  constructor() {
    super('unprocessable', 'forecast-of-no-practice', 'A forecast is of one practice, and you work for none.');
  }
}

const ERRORS = 'Each earlier date is forecast from demand before it alone. When the practice was open is taken from its scheduled time as it is stated today, also where that was decided after the date: where it closed at short notice, errors would have been larger.';
const NO_DATES = { method: 'none', points: [], errors: { definition: ERRORS, earlierDates: 0, chosen: { method: 'none', earlierDates: 0, wape: null, mase: null, coverage80: null, coverage95: null, chosenAt: 0 }, methods: [] } };

const demand = measureCalled('demand');
const booked = measureCalled('booked-ahead');

/** What the next days will ask of the caller's practice for one service, or why that cannot be said. Throws ForecastOfNoPractice, ThreadTimedOut, TooManyWaiting. */
@Injectable()
export class ForecastDemandOfService {
  constructor(private readonly work: UnitOfWork, private readonly cells: CatalogueRepository, private readonly progress: SourceProgressRepository, private readonly demandOf: KnownDemandRepository, private readonly forecasts: ForecastsInThread) {}

  async execute(actor: Actor, service: ServiceCode, horizonDays: number) {
    const { practice } = actor;
    if (practice === null) throw new ForecastOfNoPractice();
    const { asOf, bookedOn, sources, ...known } = await this.work.run(actor, (tx) => this.known(tx, practice, service, horizonDays));
    const told = { asOf, service, horizonDays, measure: demand.definition, bookedMeasure: booked.definition, sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })), missing: missingSources(sources) };
    const made = demandSeries(known, horizonDays);
    if (made.kind === 'refused') return { ...told, history: null, refused: { sentence: made.reason }, forecast: null };
    const history = historyOf(made);
    // On a Saturday the next one or two dates may be a weekend that is left out: nothing is asked for, and nothing is refused.
    if (made.horizon === 0) return { ...told, history, refused: null, forecast: NO_DATES };
    // Why outside of the transaction: it takes as long as many queries.
    const answer = await this.forecasts.of(practice, { series: made.series, horizon: made.horizon });
    if (answer.kind === 'refused') return { ...told, history, refused: { sentence: answer.reason }, forecast: null };
    const { forecast: { method, points }, errors } = answer;
    const coming = made.series.slots.slice(made.series.values.length);
    return {
      ...told, history, refused: null,
      forecast: {
        method, points: points.map((point, i) => ({ ...rounded(point), ...calendarOf(coming[i]), stated: known.statedTo !== null && point.date <= known.statedTo, booked: bookedOn.get(point.date) ?? 0 })),
        errors: { definition: ERRORS, earlierDates: errors.origins, chosen: figures(errors.chosen), methods: errors.methods.map(figures) },
      },
    };
  }

  private async known(tx: Tx, practice: PracticeId, service: ServiceCode, days: number) {
    const known = await this.demandOf.of(tx, practice, service);
    const bookedOn = new Map((await this.cells.own(tx, booked, practice, { from: known.today, to: addDays(known.today, days - 1), by: 'day', group: [], service }, days)).map(({ period, numerator }) => [parseLocalDate(period), numerator]));
    return { asOf: formatInstant(tx.now), ...known, bookedOn, sources: await this.progress.of(tx, [...new Set([...demand.sources, ...booked.sources, ...measureCalled('supply').sources])]) };
  }
}

function historyOf({ series: { season, slots, values }, whileClosed }: DemandSeries) {
  const past = slots.slice(0, values.length);
  const count = (of: (slot: (typeof past)[number]) => boolean): number => past.filter(of).length;
  return { from: past[0]?.date ?? null, to: past.at(-1)?.date ?? null, daysOfWeek: season, days: past.length, closed: count(({ closed }) => closed), halfDays: count(({ halfDay }) => halfDay), openHolidays: count(({ holiday }) => holiday), demandWhileClosed: whileClosed };
}

const calendarOf = (slot: CalendarDay | undefined) => ({ closed: slot?.closed ?? false, halfDay: slot?.halfDay ?? false, holiday: slot?.holiday ?? false });
const hundredths = (value: number): number => Math.round(value * 100) / 100;
const rounded = ({ date, value, low80, high80, low95, high95 }: ForecastPoint): ForecastPoint => ({ date, value: hundredths(value), low80: hundredths(low80), high80: hundredths(high80), low95: hundredths(low95), high95: hundredths(high95) });
const share = (value: number | null): number | null => (value === null ? null : Math.round(value * 10_000) / 10_000);
const figures = ({ method, origins, wape, mase, coverage80, coverage95, chosenAt }: Figures) => ({ method, earlierDates: origins, wape: share(wape), mase: share(mase), coverage80: share(coverage80), coverage95: share(coverage95), chosenAt });
