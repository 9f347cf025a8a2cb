/** What one run counts for each practice, in this order. */
export const counted = ['thirdNextDays', 'ownThirdNextDays', 'requests', 'gaveUp', 'booked', 'waitDays', 'elsewhere', 'lent', 'borrowed', 'kept', 'slots'] as const;
const [THIRD, OWN_THIRD, REQUESTS, GAVE_UP, BOOKED, WAIT, ELSEWHERE, LENT, BORROWED, KEPT, SLOTS] = counted.map((_, index) => index) as [number, number, number, number, number, number, number, number, number, number, number];
const EACH = counted.length;
const WEEK = 5;

/** What is counted of a year, practice after practice: nothing between `begin` and `start`. */
export class YearCounts {
  private into: Float64Array = new Float64Array(0);
  private counts = false;

  constructor(private readonly days: number) {}

  begin(into: Float64Array): void {
    this.into = into.fill(0);
    this.counts = false;
  }

  /** From now on. */
  start(): void {
    this.counts = true;
  }

  /** Of the snapshots, their mean. */
  end(): void {
    for (let at = 0; at < this.into.length; at += EACH) for (const what of [THIRD, OWN_THIRD]) this.into[at + what]! /= this.days;
  }

  /** At the start of a day: days to the third free time, of all that patients can have and of the own, and the slots of the day. */
  snapshot(practice: number, third: number, ownThird: number, slots: number): void {
    this.add(practice, THIRD, third);
    this.add(practice, OWN_THIRD, ownThird);
    this.add(practice, SLOTS, slots);
  }

  requested(practice: number): void {
    this.add(practice, REQUESTS, 1);
  }

  gaveUp(practice: number): void {
    this.add(practice, GAVE_UP, 1);
  }

  booked(practice: number, host: number, wait: number): void {
    this.add(practice, BOOKED, 1);
    this.add(practice, WAIT, wait);
    if (host === practice) return;
    this.add(practice, ELSEWHERE, 1);
    this.add(practice, BORROWED, WEEK / this.days);
    this.add(host, LENT, WEEK / this.days);
  }

  kept(host: number): void {
    this.add(host, KEPT, 1);
  }

  private add(practice: number, what: number, amount: number): void {
    if (this.counts) this.into[practice * EACH + what]! += amount;
  }
}
