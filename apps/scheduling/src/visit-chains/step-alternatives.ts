import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type OpeningId, type PatientId, type PracticeId, formatInstant, overlaps, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Refused } from '../appointments/commands/all-or-none';
import { type Refusal, reasonOf } from '../appointments/commands/refusals';
import { type OpeningView, viewOfOpenings } from '../openings/opening.view';
import { type FoundOpening, FindOpenings } from '../openings/queries/find-openings';
import { type EndedVisit, type Gap, keepsGap, windowAfter } from './domain/gap';
import { FindChains, type WantedStep } from './queries/find-chains';

/** A step as it was asked for, or as it stands where it stays. */
export interface PlannedStep {
  /** Null: it stays. */
  readonly opening: OpeningId | null;
  readonly start: Instant;
  /** Null: there is no such visit. */
  readonly end: EndedVisit | null;
  /** What may take its place; null: nothing. */
  readonly wish: WantedStep | null;
}
export interface StepClash {
  readonly step: number;
  readonly opening: OpeningId;
  readonly start: string;
  readonly reason: string;
  readonly message: string;
  readonly alternatives: readonly OpeningView[];
}
const EACH = 3;
const READ = 200;
const DAYS_BEFORE = 3;
const DAYS_AFTER = 14;
const CHAIN_DAYS = 60;

/** What a desk may take instead where linked visits clash (P5): for each step what keeps the gaps to the others as they were asked for, and where one has nothing, others as a whole. */
@Injectable()
export class StepAlternatives {
  constructor(private readonly find: FindOpenings, private readonly chains: FindChains) {}

  async of(sql: Sql, guest: PracticeId, patient: PatientId, planned: readonly PlannedStep[], gaps: readonly Gap[], refused: readonly Refused[], now: Instant) {
    const clashes: StepClash[] = [];
    for (const { index, refusal } of [...refused].sort((a, b) => a.index - b.index)) {
      const step = planned[index];
      if (!step?.opening) continue;
      clashes.push({ step: index + 1, opening: step.opening, start: formatInstant(step.start), ...reasonOf(refusal), alternatives: viewOfOpenings(await this.near(sql, guest, patient, planned, gaps, index, refusal, now), guest) });
    }
    const steps = planned.flatMap(({ wish }) => wish ?? []);
    // Why not for what may not be seen (P7): then the wish cannot be named.
    if (clashes.every(({ alternatives }) => alternatives.length > 0) || steps.length < planned.length || clashes.some(({ reason }) => reason === NEVER)) return { clashes, chains: [] };
    const from = Math.max(now, planned[0]!.start - DAY) as Instant;
    const { chains } = await this.chains.execute(sql, guest, { steps, gaps, patient, range: { start: from, end: plusMs(from, CHAIN_DAYS * DAY) }, limit: EACH }, now);
    return { clashes, chains: chains.map((chain) => viewOfOpenings(chain, guest)) };
  }

  /** What the step may be instead, the nearest first. */
  private async near(sql: Sql, guest: PracticeId, patient: PatientId, planned: readonly PlannedStep[], gaps: readonly Gap[], index: number, refusal: Refusal, now: Instant): Promise<FoundOpening[]> {
    const { wish, start } = planned[index]!;
    if (!wish || reasonOf(refusal).reason === NEVER) return [];
    const [before, after] = [planned[index - 1]?.end, planned[index + 1]];
    const window = before ? windowAfter(before, gaps[index - 1]!) : { from: now, latest: null };
    const range = { start: Math.max(now, window.from, start - DAYS_BEFORE * DAY) as Instant, end: Math.min(window.latest === null ? Infinity : window.latest + 1, after ? after.start : Infinity, start + DAYS_AFTER * DAY) as Instant };
    const { openings } = await this.find.execute(sql, guest, { ...wish, patient, atOnce: true, range, limit: READ }, now);
    const free = openings.filter((one) => one.how.bookable === 'hold' && one.offer.visitType !== null && one.id !== planned[index]!.opening
      && (!after || keepsGap({ end: one.end, zone: one.zone }, gaps[index]!, after.start))
      && planned.every((other, i) => { const time = i === index ? null : other.end; return time === null || !overlaps({ start: other.start, end: time.end }, one); }));
    return free.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start)).slice(0, EACH);
  }
}

const NEVER = 'no-hours-then';
