import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';

const LONGEST_WAIT_MS = 30_000;
const AFTER_FAILURE_MS = 1_000;
/** Why: under load every request wakes the loop; a short rest lets one step do the work of many. */
const REST_MS = 5;

/** Runs `step` whenever it is woken or its own next time has come. `step` returns the real milliseconds to wait, or null where nothing is known. */
export class WorkLoop {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly step: () => Promise<number | null>,
    private readonly logger: Logger,
  ) {}

  /** Asks for a step at once; during a step, for one more after it. */
  wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.running = this.run().finally(() => {
      this.running = null;
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    let wait: number | null = null;
    for (let first = true; first || (!this.stopped && (this.again || (wait !== null && wait <= 0))); first = false) {
      if (!first) await pause(REST_MS);
      this.again = false;
      try {
        wait = await this.step();
      } catch (error) {
        this.logger.error(error instanceof Error ? error.message : 'a step failed');
        wait = AFTER_FAILURE_MS;
      }
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => this.wake(), Math.min(wait ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS));
  }
}
