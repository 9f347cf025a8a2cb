import { Inject, Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig, senderRate } from '../../config';

/** A text that is later than this at its place takes another: what was held up must not leave in a heap. */
const LATE_MS = 40;
/** The rate is kept over so long: lateness, and a way to the provider that is not equally long for each text, do not make a second too full. */
const SECOND_MS = 1_060;
const MOST_LEAD_MS = 250;
/** So long, and for two texts of its sender, a text may wait behind its fence: what changes in the meantime is too late for it. */
const MOST_WAIT_MS = 500;
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
  private readonly timeout: number;
  private readonly gap: number;
  private readonly many: number;
  private readonly doors = new Map<string, { inside: number; readonly queue: (() => void)[] }>();
  private readonly taken = new Map<string, Promise<{ next: number; end: number }>>();
  /** How long the slowest of the last texts took through the fence: it begins so much before its place. */
  private lead = LATE_MS;

  /** Of our clock against the database's: the least that was seen lately, for every answer comes later than it was made. */
  private offset = Infinity;

  constructor(private readonly work: UnitOfWork, @Inject(NOTIFICATIONS_CONFIG) config: NotificationsConfig) {
    this.timeout = config.PROVIDER_TIMEOUT_MS;
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

  /** Waits for the place, or for a later one where it has passed; null: takes one. False: none comes soon enough, and the text must not leave without another fence. */
  async reached(host: string, place: Place | null): Promise<boolean> {
    // Why longer without a place: that the text was to go by this channel was found at the fence only. Twice the time-out, and an intent counts as abandoned.
    const deadline = Date.now() + (Math.min(place ? MOST_WAIT_MS + 2 * this.gap : Infinity, this.timeout / 2));
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
      tx.query<{ first: number; now: number }>(
        `INSERT INTO sender (host, paced_until) VALUES ($1, clock_timestamp() + make_interval(secs => $2::float8 + $3::float8))
         ON CONFLICT (host) DO UPDATE SET paced_until = greatest(sender.paced_until, clock_timestamp() + make_interval(secs => $3::float8)) + make_interval(secs => $2::float8)
         RETURNING (extract(epoch FROM paced_until - make_interval(secs => $2::float8)) * 1000)::float8 AS first, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`,
        [host, (this.gap * this.many) / 1_000, ahead / 1_000],
      ));
    if (!row) throw new Error('no place came of a reservation');
    this.offset = Math.min(Date.now() - row.now, this.offset + 1);
    return row.first + this.offset;
  }
}

async function until(time: number): Promise<void> {
  const wait = time - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}
