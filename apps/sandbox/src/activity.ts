import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Idleness } from '@slotmesh/platform';

/** Counts everything the sandbox does, so that a walk of the clock sees whether work still happens. */
@Injectable()
export class Activity implements OnApplicationBootstrap {
  private done = 0;
  private running = 0;

  constructor(private readonly idleness: Idleness) {}

  onApplicationBootstrap(): void {
    this.idleness.observe('requests', async () => ({ idle: this.running === 0, activity: this.done, nextDue: null }));
  }

  note(times = 1): void {
    this.done += times;
  }

  /** Runs `fn` as work in flight. */
  async during<T>(fn: () => Promise<T>): Promise<T> {
    this.running += 1;
    try {
      return await fn();
    } finally {
      this.running -= 1;
      this.done += 1;
    }
  }
}
