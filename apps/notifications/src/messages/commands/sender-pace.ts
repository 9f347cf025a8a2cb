import { Inject, Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig, senderRate } from '../../config';

/** A text that is later than this at its place takes another: what was held up must not leave in a heap. */
const LATE_MS = 40;
/** The rate is kept over so long: lateness, and a way to the provider that is not equally long for each text, do not make a second too full. */
const SECOND_MS = 1_060;
/** What a STOP in the meantime is too late for. */
const MOST_LEAD_MS = 250;
/** Places are taken from the database for so long. */
const AHEAD_MS = 100;

/** `at`: when the text may leave; `begun`: when its fence began, in real milliseconds since the epoch. `free`: it needs its place no longer, whatever became of it. */
export interface Place {
  readonly at: number;
  readonly begun: number;
  readonly free: () => void;
}

/** Places in each sender's rate, over all replicas (P16): real milliseconds since the epoch, at which one text may leave. A place that passes unused is lost. */
@Injectable()
export class SenderPace {
  private readonly gap: number;
  private readonly many: number;
  private readonly doors = new Map<string, { inside: number; readonly queue: (() => void)[] }>();
  private readonly taken = new Map<string, Promise<{ next: number; end: number }>>();
  /** How long the slowest of the last texts took through the fence: it begins so much before its place. */
  private lead = LATE_MS;

  constructor(private readonly work: UnitOfWork, @Inject(NOTIFICATIONS_CONFIG) config: NotificationsConfig) {
    this.gap = SECOND_MS / senderRate(config);
    this.many = Math.max(1, Math.floor(AHEAD_MS / this.gap));
  }

  /** Waits until the fence may begin, so that the text is ready when its place comes. Why only a few of a sender have a place: one that comes late to its own takes the next, and must not wait behind all the others. */
  async before(host: string): Promise<Place> {
    const free = await this.enter(host);
    try {
      const at = await this.next(host, this.lead);
      await until(at - this.lead);
      return { at, begun: Date.now(), free };
    } catch (error) {
      free();
      throw error;
    }
  }

  private async enter(host: string): Promise<() => void> {
    const door = this.doors.get(host) ?? { inside: 0, queue: [] };
    this.doors.set(host, door);
    if (door.inside >= 1 + Math.ceil(this.lead / this.gap)) await new Promise<void>((goOn) => door.queue.push(goOn));
    else door.inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const next = door.queue.shift();
      if (next) next();
      else door.inside -= 1;
    };
  }

  /** Waits for the place, or for a later one where it has passed; null: takes one. False: none came until `deadline`, and the text must not leave now. */
  async reached(host: string, place: Place | null, deadline: number): Promise<boolean> {
    if (place) this.lead = Math.min(MOST_LEAD_MS, Math.max(LATE_MS, Date.now() - place.begun, this.lead * 0.95));
    try {
      let at = place?.at ?? (await this.next(host, 0));
      while (at <= deadline) {
        await until(at);
        if (Date.now() <= at + LATE_MS) return true;
        at = await this.next(host, 0);
      }
      return false;
    } finally {
      place?.free();
    }
  }

  /** The next free place that is at least so many milliseconds ahead; what lies before it is lost. */
  private async next(host: string, ahead: number): Promise<number> {
    for (;;) {
      const asked = this.taken.get(host) ?? this.take(host, ahead);
      const places = await asked;
      while (places.next < places.end && places.next < Date.now() + ahead - LATE_MS) places.next += this.gap;
      if (places.next < places.end) {
        const mine = places.next;
        places.next += this.gap;
        return mine;
      }
      if (this.taken.get(host) === asked) this.taken.delete(host);
    }
  }

  private take(host: string, ahead: number): Promise<{ next: number; end: number }> {
    const asked = this.reserve(host, ahead).then((next) => ({ next, end: next + (this.many - 0.5) * this.gap }));
    this.taken.set(host, asked);
    asked.catch(() => this.taken.delete(host));
    return asked;
  }

  /** The first of some places in a row. */
  private async reserve(host: string, ahead: number): Promise<number> {
    const [row] = await this.work.run(workerFor('sender', practiceId.parse(host)), (tx) =>
      tx.query<{ ms: string }>(
        `INSERT INTO sender (host, paced_until) VALUES ($1, clock_timestamp() + make_interval(secs => $2::float8 + $3::float8))
         ON CONFLICT (host) DO UPDATE SET paced_until = greatest(sender.paced_until, clock_timestamp() + make_interval(secs => $3::float8)) + make_interval(secs => $2::float8)
         RETURNING extract(epoch FROM paced_until - make_interval(secs => $2::float8) - clock_timestamp()) * 1000 AS ms`,
        [host, (this.gap * this.many) / 1_000, ahead / 1_000],
      ));
    return Date.now() + Number(row?.ms ?? 0);
  }
}

async function until(time: number): Promise<void> {
  const wait = time - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}
