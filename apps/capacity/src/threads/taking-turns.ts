import { DomainError } from '@slotmesh/kernel';
import { ThreadTimedOut } from './answer-from-thread';

/** Of one practice, beside the one that runs. Each may hold a file of megabytes. */
const MOST_WAITING = 5;

export class TooManyWaiting extends DomainError {
  constructor(most: number) {
    super('too-many', 'too-many-waiting', `${most} computations of your practice wait already. Wait for one to be answered, and ask again.`);
  }
}

interface Asker {
  /** The practice for which it is asked; null: the network's operators and workers, together. */
  readonly practice: string | null;
  /** How long it may wait for its turn. */
  readonly seconds: number;
}
interface Waiting {
  readonly start: () => void;
}

/** Jobs that take a whole core each: one at a time, and practices take turns, so that nobody's many keep all others waiting. */
export class TakingTurns {
  /** By practice; who has had a turn goes to the end. */
  private readonly waiting = new Map<string | null, Waiting[]>();
  private isBusy = false;

  /** Begins the job when its turn comes and says how many seconds are left of those that were given, well or badly as it ends. Rejects with TooManyWaiting, and with ThreadTimedOut where its turn did not come in time. */
  run<Answer>({ practice, seconds }: Asker, job: (secondsLeft: number) => Promise<Answer>): Promise<Answer> {
    const ofPractice = this.waiting.get(practice) ?? [];
    if (ofPractice.length >= MOST_WAITING) return Promise.reject(new TooManyWaiting(MOST_WAITING));
    const until = performance.now() + seconds * 1_000;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.leave(practice, waiting);
        reject(new ThreadTimedOut(seconds));
      }, seconds * 1_000);
      const waiting: Waiting = {
        start: () => {
          clearTimeout(timer);
          Promise.resolve((until - performance.now()) / 1_000).then(job).then(resolve, reject).finally(() => this.next());
        },
      };
      this.waiting.set(practice, [...ofPractice, waiting]);
      if (!this.isBusy) this.next();
    });
  }

  private next(): void {
    const [turn] = this.waiting;
    this.isBusy = turn !== undefined;
    if (turn === undefined) return;
    const [practice, [first, ...rest]] = turn;
    this.waiting.delete(practice);
    if (rest.length > 0) this.waiting.set(practice, rest);
    first?.start();
  }

  private leave(practice: string | null, one: Waiting): void {
    const rest = (this.waiting.get(practice) ?? []).filter((other) => other !== one);
    if (rest.length > 0) this.waiting.set(practice, rest);
    else this.waiting.delete(practice);
  }
}
