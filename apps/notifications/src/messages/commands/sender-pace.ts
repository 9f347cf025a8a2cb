import { Inject, Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig, senderRate } from '../../config';

/** A twentieth of the rate is left free: the way to the provider is not equally long for each text. */
const SPACING = 1.05;
/** A text that is later than this at its place takes another: what was held up must not leave in a heap. */
const LATE_MS = 25;
/** What a STOP in the meantime is too late for. */
const MOST_LEAD_MS = 250;
/** Places are taken from the database for so long. */
const AHEAD_MS = 100;

/** `at`: when the text may leave; `begun`: when its fence began. Real milliseconds since the epoch. */
export interface Place {
  readonly at: number;
  readonly begun: number;
}

/** Places in each sender's rate, over all replicas (P16): real milliseconds since the epoch, at which one text may leave. A place that passes unused is lost. */
@Injectable()
export class SenderPace {
  private readonly gap: number;
  private readonly many: number;
  private readonly taken = new Map<string, Promise<{ next: number; end: number }>>();
  /** How long the slowest of the last texts took through the fence: it begins so much before its place. */
  private lead = LATE_MS;

  constructor(private readonly work: UnitOfWork, @Inject(NOTIFICATIONS_CONFIG) config: NotificationsConfig) {
    this.gap = (1_000 / senderRate(config)) * SPACING;
    this.many = Math.max(1, Math.floor(AHEAD_MS / this.gap));
  }

  /** Waits until the fence may begin, so that the text is ready when its place comes. */
  async before(host: string): Promise<Place> {
    const at = await this.next(host, this.lead);
    await until(at - this.lead);
    return { at, begun: Date.now() };
  }

  /** Waits for the place, or for a later one where it has passed; null: takes one. False: none came until `deadline`, and the text must not leave now. */
  async reached(host: string, place: Place | null, deadline: number): Promise<boolean> {
    if (place) this.lead = Math.min(MOST_LEAD_MS, Math.max(LATE_MS, Date.now() - place.begun, this.lead * 0.95));
    let at = place?.at ?? (await this.next(host, 0));
    while (at <= deadline) {
      await until(at);
      if (Date.now() <= at + LATE_MS) return true;
      at = await this.next(host, 0);
    }
    return false;
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
