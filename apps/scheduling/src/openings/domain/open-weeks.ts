import { DAY, type Instant, MINUTE, type TimeRange, type Zone } from '@slotmesh/kernel';
import { type OpenRange, type Schedule, openRanges } from '../../availability/domain/working-hours';

const WEEK = 7 * DAY;
/** A year and a bit; what is asked beyond is computed anew. */
const KEPT_WEEKS = 60;

/** The open time of one provider at one site, computed a week at a time when first asked for. */
export class OpenWeeks {
  private readonly weeks = new Map<number, readonly OpenRange[]>();

  constructor(private readonly schedule: Schedule, private readonly zone: Zone) {}

  /** As `openRanges` gives it. */
  open(range: TimeRange): readonly OpenRange[] {
    const found: OpenRange[] = [];
    for (let week = Math.floor(range.start / WEEK); week * WEEK < range.end; week += 1) {
      for (const piece of this.week(week)) {
        // Why: a piece over the edge of two weeks is in both.
        if (piece.start < range.end && range.start < piece.end && found.at(-1)?.start !== piece.start) found.push(piece);
      }
    }
    return found;
  }

  /** The first point of the grid in open time at or after `from` and before `end`, whatever is taken; infinity where there is none. */
  firstOnGrid(from: number, end: number, stepMinutes: number): number {
    const step = stepMinutes * MINUTE;
    for (let week = Math.floor(from / WEEK); week * WEEK < end; week += 1) {
      for (const piece of this.week(week)) {
        if (piece.end <= from) continue;
        const at = piece.opens + Math.ceil((Math.max(piece.start, from) - piece.opens) / step) * step;
        if (at >= end) return Number.POSITIVE_INFINITY;
        if (at < piece.end) return at;
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  private week(week: number): readonly OpenRange[] {
    let pieces = this.weeks.get(week);
    if (!pieces) {
      pieces = openRanges(this.schedule, { start: (week * WEEK) as Instant, end: ((week + 1) * WEEK) as Instant }, this.zone);
      if (this.weeks.size >= KEPT_WEEKS) this.weeks.clear();
      this.weeks.set(week, pieces);
    }
    return pieces;
  }
}
