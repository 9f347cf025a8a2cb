import { Logger } from '@nestjs/common';
import { type Instant } from '@slotmesh/kernel';
import { isInfrastructureFailure } from '@slotmesh/persistence';

export interface WorkerSettings {
  readonly name: string;
  /** Real milliseconds between looks when nothing was found. */
  readonly pollMs: number;
  /** Does one batch of what is due; returns how much it did. Called again at once while that is more than zero. */
  readonly work: () => Promise<number>;
  /** Whether something is due now, and when the next comes. What is in hand is due until its transaction has committed: so nothing is under way while nothing is due. */
  readonly due: () => Promise<{ dueNow: boolean; nextDue: Instant | null }>;
}

/** A poll loop. A failure never ends it: infrastructure is waited for with growing pauses, anything else is logged and tried again. */
export class Worker {
  private readonly logger: Logger;
  private stopping = false;
  private running: Promise<void> | null = null;
  private wake: (() => void) | null = null;
  private working = false;
  private failing = false;
  private done = 0;

  constructor(private readonly settings: WorkerSettings) {
    this.logger = new Logger(settings.name);
  }

  start(): void {
    this.running ??= this.loop();
  }

  /** Looks again at once, for instance after a commit that made something due. */
  poke(): void {
    this.wake?.();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake?.();
    await this.running;
  }

  async idle(): Promise<{ idle: boolean; activity: number; nextDue: Instant | null }> {
    const { dueNow, nextDue } = await this.settings.due();
    // Why: who asks waits for it, as the movable clock does at each of its stops; there is no need to wait for the next look.
    if (dueNow && !this.working && !this.failing) this.poke();
    return { idle: !dueNow, activity: this.done, nextDue };
  }

  private async loop(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      let did = 0;
      this.working = true;
      try {
        did = await this.settings.work();
        this.done += did;
        failures = 0;
        this.failing = false;
      } catch (error) {
        failures++;
        this.failing = true;
        this.logger.warn(`${isInfrastructureFailure(error) ? 'waits for what it depends on' : 'failed and tries again'}: ${error instanceof Error ? error.message : 'unknown'}`);
      } finally {
        this.working = false;
      }
      if (did === 0) await this.pause(Math.min(this.settings.pollMs * 2 ** failures, 5_000));
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
