import type { Partnership } from './partnership';
import { keyUnder, mix, normal, poisson, uniform } from './random';
import { YearCounts } from './year-counts';

/** Taken once: in a context of its own, where tests run, each look at a global costs more than the sum itself. */
const { floor, max, min, sqrt } = Math;

export interface Length {
  /** Days that are simulated first and counted nowhere, because every calendar starts empty. */
  readonly warmUpDays: number;
  readonly days: number;
}
/** A year of 250 working days. */
export const usualLength: Length = { warmUpDays: 250, days: 250 };

/** Farther ahead no calendar is open. */
const HORIZON = 250;
const NONE = -1;

const enum Luck { Patience, Acceptance, FollowUp, Cancels, CancelDay, CancelReturns, NoShow, NoShowReturns, FirstAsked }

/**
 * Simulates whole years of a partnership, day by day. The same seed gives the same year, to the last visit. Everything it needs is allocated once, so that runs only
 * fill arrays: per practice and day how much is booked and lent, and one record per booked visit that hangs in the list of the day on which something becomes of it.
 */
export class SimulatedYear {
  private readonly practices: number;
  private readonly end: number;
  /** Per practice and day. */
  private readonly capacity: Int32Array;
  private readonly lendable: Int32Array;
  private readonly booked: Int32Array;
  private readonly lent: Int32Array;
  /** Per practice, the first day that may have a free time. */
  private readonly firstFree: Int32Array;
  private readonly demand: Float64Array;
  private readonly noise: Float64Array;
  private readonly asking: Int32Array;
  private readonly reach: Float64Array;
  private readonly noShowRate: Float64Array;
  /** Heads of the lists of a day: visits that will be cancelled then, visits that will take place then. */
  private readonly cancels: Int32Array;
  private readonly visits: Int32Array;
  /** One record per visit; the free ones form a list too. */
  private readonly next: Int32Array;
  private readonly home: Int32Array;
  private readonly host: Int32Array;
  private readonly visitDay: Int32Array;
  private readonly bookedOn: Int32Array;
  private readonly key: Uint32Array;
  private unused = NONE;
  private readonly counts: YearCounts;

  constructor(private readonly partnership: Partnership, private readonly length: Length = usualLength) {
    const { practices, rules, behaviour } = partnership;
    this.practices = practices.length;
    this.counts = new YearCounts(length.days);
    this.end = length.warmUpDays + length.days + HORIZON + 2;
    const cells = this.practices * this.end;
    this.capacity = new Int32Array(cells);
    this.lendable = new Int32Array(cells);
    this.booked = new Int32Array(cells);
    this.lent = new Int32Array(cells);
    this.firstFree = new Int32Array(this.practices);
    this.noise = new Float64Array(this.practices);
    this.asking = new Int32Array(this.practices);
    this.demand = Float64Array.from(practices, ({ slotsPerDay, load }) => slotsPerDay * load);
    this.reach = Float64Array.from(practices.flatMap((from) => practices.map((to) => (from.id === to.id ? 0 : from.neighbours[to.id] ?? 0))));
    this.noShowRate = Float64Array.from({ length: HORIZON + 2 }, (_, lead) => behaviour.noShow.findLast(({ days }) => days <= lead)?.rate ?? 0);
    for (const [p, { slotsPerDay }] of practices.entries()) {
      for (let day = 0; day < this.end; day++) {
        // Why not rounded: 18.6 slots a day are 18 on some days and 19 on others, and a tenth of them must come to a tenth over the weeks.
        this.capacity[p * this.end + day] = wholes(slotsPerDay, day);
        this.lendable[p * this.end + day] = wholes(slotsPerDay * rules.share, day);
      }
    }
    const most = practices.reduce((sum, { slotsPerDay }) => sum + Math.ceil(slotsPerDay) * (HORIZON + 2), 0);
    this.cancels = new Int32Array(this.end);
    this.visits = new Int32Array(this.end);
    [this.next, this.home, this.host, this.visitDay, this.bookedOn] = [new Int32Array(most), new Int32Array(most), new Int32Array(most), new Int32Array(most), new Int32Array(most)];
    this.key = new Uint32Array(most);
  }

  /** Simulates the year of this seed and writes what it counted, practice after practice, to `into` (as long as practices x `counted` of year-counts.ts). */
  run(seed: number, into: Float64Array): void {
    this.counts.begin(into);
    this.booked.fill(0);
    this.lent.fill(0);
    this.firstFree.fill(0);
    this.cancels.fill(NONE);
    this.visits.fill(NONE);
    for (let v = 0; v < this.next.length; v++) this.next[v] = v + 1;
    this.next[this.next.length - 1] = NONE;
    this.unused = 0;
    const run = mix(seed);
    for (let p = 0; p < this.practices; p++) this.noise[p] = normal(keyUnder(run, p), 0);
    const { warmUpDays, days } = this.length;
    for (let day = 0; day < warmUpDays + days; day++) {
      const isCounted = day >= warmUpDays;
      if (isCounted) this.counts.start();
      for (let p = 0; p < this.practices; p++) if (this.firstFree[p]! < day) this.firstFree[p] = day;
      if (isCounted) this.snapshot(day);
      this.cancel(day);
      this.ask(run, day);
      this.receive(day);
    }
    this.counts.end();
  }

  /** At the start of a day, as the measure is taken: days to the third free time, of all that patients of the practice can have and of its own. */
  private snapshot(day: number): void {
    for (let p = 0; p < this.practices; p++) {
      let [own, open, at] = [this.free(p, day), 0, day];
      open = own + this.openElsewhere(p, day, day);
      let third = open < 3 ? NONE : day;
      while (own < 3 && at < day + HORIZON) {
        at++;
        own += this.free(p, at);
        if (third !== NONE) continue;
        open += this.free(p, at) + this.openElsewhere(p, at, day);
        if (open >= 3) third = at;
      }
      this.counts.snapshot(p, (third === NONE ? at : third) - day, at - day, this.capacity[p * this.end + day]!);
    }
  }

  private free(p: number, day: number): number {
    return this.capacity[p * this.end + day]! - this.booked[p * this.end + day]!;
  }

  /** Times of a day that partners within reach lend. */
  private openElsewhere(p: number, at: number, today: number): number {
    const { share, releaseDays } = this.partnership.rules;
    if (share === 0 || at < today + releaseDays) return 0;
    let open = 0;
    for (let lender = 0; lender < this.practices; lender++) {
      if (this.reach[p * this.practices + lender]! > 0 && this.lends(lender, today)) open += min(this.free(lender, at), this.lendable[lender * this.end + at]! - this.lent[lender * this.end + at]!);
    }
    return open;
  }

  private lends(lender: number, today: number): boolean {
    const { guardDays } = this.partnership.rules;
    return guardDays === null || this.firstTime(lender, today) - today <= guardDays;
  }

  private cancel(day: number): void {
    for (let v = this.cancels[day]!; v !== NONE; ) {
      const after = this.next[v]!;
      const [p, host, key, on] = [this.home[v]!, this.host[v]!, this.key[v]!, this.visitDay[v]!];
      const cell = host * this.end + on;
      this.booked[cell]!--;
      if (host !== p) this.lent[cell]!--;
      if (on < this.firstFree[host]!) this.firstFree[host] = on;
      this.release(v);
      if (uniform(key, Luck.CancelReturns) < this.partnership.behaviour.returnsAfterCancel) this.place(p, keyUnder(key, Luck.FirstAsked), day, day + 1);
      v = after;
    }
  }

  /** The day's requests, one practice after the other by turns, so that none has the first pick. */
  private ask(run: number, day: number): void {
    const { demandNoise, noiseKept } = this.partnership.behaviour;
    let left = 0;
    for (let p = 0; p < this.practices; p++) {
      const today = keyUnder(keyUnder(run, p), day + 1);
      if (demandNoise > 0) this.noise[p] = noiseKept * this.noise[p]! + sqrt(1 - noiseKept * noiseKept) * normal(today, 0);
      const expected = this.demand[p]! * max(0, 1 + demandNoise * this.noise[p]!);
      this.asking[p] = poisson(expected, keyUnder(today, 1));
      left = max(left, this.asking[p]!);
    }
    for (let nth = 0; nth < left; nth++) {
      for (let turn = 0; turn < this.practices; turn++) {
        const p = (turn + nth + day) % this.practices;
        if (nth >= this.asking[p]!) continue;
        this.counts.requested(p);
        this.place(p, keyUnder(keyUnder(keyUnder(run, p), day + 1), nth + 2), day, day);
      }
    }
  }

  /** Books the patient's first time, in its own practice or at a partner; or the patient gives up. */
  private place(p: number, key: number, today: number, earliest: number): void {
    const { rules, behaviour } = this.partnership;
    const own = this.firstTime(p, earliest);
    const followUp = uniform(key, Luck.FollowUp) < behaviour.followUpShare;
    let best = own;
    let host = p;
    if (!followUp && rules.share > 0) {
      const acceptance = uniform(key, Luck.Acceptance);
      for (let turn = 1; turn < this.practices; turn++) {
        const lender = (p + 1 + ((turn + key) % (this.practices - 1))) % this.practices;
        if (acceptance >= this.reach[p * this.practices + lender]!) continue;
        if (!this.lends(lender, today)) continue;
        const at = this.lentTime(lender, max(earliest, today + rules.releaseDays), min(own - rules.soonerDays, best - 1));
        if (at === NONE) continue;
        best = at;
        host = lender;
      }
    }
    const tired = !followUp && best - today > behaviour.patienceDays && uniform(key, Luck.Patience) < behaviour.givesUp;
    if (tired || best > today + HORIZON) {
      this.counts.gaveUp(p);
      return;
    }
    this.book(p, host, key, today, best);
  }

  private book(p: number, host: number, key: number, today: number, on: number): void {
    const { cancelRate } = this.partnership.behaviour;
    const cell = host * this.end + on;
    this.booked[cell]!++;
    if (host !== p) this.lent[cell]!++;
    this.counts.booked(p, host, on - today);
    const v = this.unused;
    this.unused = this.next[v]!;
    this.home[v] = p;
    this.host[v] = host;
    this.visitDay[v] = on;
    this.bookedOn[v] = today;
    this.key[v] = key;
    const lead = on - today;
    // A visit on the same day takes place or is missed; nobody could fill its time.
    if (lead > 0 && uniform(key, Luck.Cancels) < cancelRate) this.hang(this.cancels, today + 1 + floor(uniform(key, Luck.CancelDay) * lead), v);
    else this.hang(this.visits, on, v);
  }

  private receive(day: number): void {
    for (let v = this.visits[day]!; v !== NONE; ) {
      const after = this.next[v]!;
      const [p, host, key, lead] = [this.home[v]!, this.host[v]!, this.key[v]!, day - this.bookedOn[v]!];
      this.release(v);
      if (uniform(key, Luck.NoShow) >= this.noShowRate[lead]!) {
        this.counts.kept(host);
      } else if (uniform(key, Luck.NoShowReturns) < this.partnership.behaviour.returnsAfterNoShow) this.place(p, keyUnder(key, Luck.FirstAsked), day, day + 1);
      v = after;
    }
  }

  /** The first day with a free time from `earliest` on. */
  private firstTime(p: number, earliest: number): number {
    const row = p * this.end;
    let at = this.firstFree[p]!;
    while (at < this.end - 1 && this.booked[row + at]! >= this.capacity[row + at]!) at++;
    this.firstFree[p] = at;
    if (at >= earliest) return at;
    at = earliest;
    while (at < this.end - 1 && this.booked[row + at]! >= this.capacity[row + at]!) at++;
    return at;
  }

  /** The first day within the bounds on which the lender still lends a free time. */
  private lentTime(p: number, earliest: number, latest: number): number {
    const row = p * this.end;
    for (let at = max(earliest, this.firstTime(p, earliest)); at <= latest; at++) {
      if (this.booked[row + at]! < this.capacity[row + at]! && this.lent[row + at]! < this.lendable[row + at]!) return at;
    }
    return NONE;
  }

  private hang(lists: Int32Array, day: number, v: number): void {
    this.next[v] = lists[day]!;
    lists[day] = v;
  }

  private release(v: number): void {
    this.next[v] = this.unused;
    this.unused = v;
  }
}

/** Whole ones of a fractional amount a day, so that the days add up to it. */
const wholes = (perDay: number, day: number): number => floor((day + 1) * perDay + 1e-9) - floor(day * perDay + 1e-9);
