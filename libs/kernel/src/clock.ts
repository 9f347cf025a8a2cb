import { type Instant, instant } from './instant';

/** The one source of domain time. In sandbox mode its offset can grow; in production it is always the machine's time. */
export abstract class Clock {
  abstract now(): Instant;
}

export class SystemClock extends Clock {
  now(): Instant {
    return instant(Date.now());
  }
}

/** Domain time = machine time + offset. The offset only grows (DESIGN section 4). */
export class MovableClock extends Clock {
  private offsetMs = 0;

  now(): Instant {
    return instant(Date.now() + this.offsetMs);
  }

  get offset(): number {
    return this.offsetMs;
  }

  /** Takes over an offset; a smaller one than the present is ignored, because time never goes back. Returns the offset in force. */
  moveTo(offsetMs: number): number {
    this.offsetMs = Math.max(this.offsetMs, offsetMs);
    return this.offsetMs;
  }
}
