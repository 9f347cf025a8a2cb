import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock, MovableClock, instant, toDate } from '@slotmesh/kernel';
import { CarrierBell } from '../carrier-bell';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { SandboxWork } from '../sandbox-work';
import { ClockRepository, type ClockJob } from './clock.repository';
import { type MemberState, atRest, nextStop, offsetFor, whoIsBusy } from './domain/walk';
import { ClockMembers, MemberSilent } from './members';

const BETWEEN_ROUNDS_MS = 20;

class NeverAtRest extends Error {}

/** Walks the domain clock of the whole stack from one due instant to the next (DESIGN section 4). */
@Injectable()
export class ClockWalker {
  private readonly logger = new Logger('clock');

  constructor(
    private readonly work: SandboxWork,
    private readonly repository: ClockRepository,
    private readonly members: ClockMembers,
    private readonly bell: CarrierBell,
    @Inject(Clock) private readonly clock: MovableClock,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {}

  /** Walks a job to its end, however it began; never throws except where the process is ending. */
  async walk(job: ClockJob, signal: AbortSignal): Promise<void> {
    try {
      await this.walkTo(job, signal);
      await this.end(job, 'done', null);
    } catch (error) {
      // Why: a walk that the end of the process interrupts stays `running` and goes on at the next start.
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : 'failed';
      this.logger.warn(`the walk of the clock stopped: ${reason}`);
      await this.end(job, 'failed', reason);
    }
  }

  private async walkTo(job: ClockJob, signal: AbortSignal): Promise<void> {
    const target = job.target.getTime();
    // Why first: after a crash a member may not have heard the last offset.
    await this.tellAll(this.clock.offset, signal);
    for (;;) {
      const states = await this.rest(signal);
      if (this.clock.now() >= target) return;
      const stop = nextStop(states, this.clock.now(), target);
      const offset = offsetFor(stop, Date.now(), this.clock.offset);
      await this.work.run(async (tx) => {
        await this.repository.grow(tx, offset);
        await this.repository.progress(tx, job.id, toDate(instant(stop)));
      });
      await this.tellAll(offset, signal);
    }
  }

  private async tellAll(offset: number, signal: AbortSignal): Promise<void> {
    this.clock.moveTo(offset);
    this.bell.ring();
    await this.patiently(() => this.members.push(offset), signal);
  }

  /** Waits for two quiet rounds; gives up when members are busy for long without getting anything done. */
  private async rest(signal: AbortSignal): Promise<MemberState[]> {
    let before: MemberState[] | null = null;
    let lastProgress = Date.now();
    for (;;) {
      const states = await this.patiently(() => this.members.idle(), signal);
      if (atRest(before, states)) return states;
      if (before === null || states.some((state, index) => state.activity !== before?.[index]?.activity)) lastProgress = Date.now();
      if (Date.now() - lastProgress > this.config.CLOCK_PATIENCE_MS) throw new NeverAtRest(`not at rest: ${whoIsBusy(states)}`);
      before = states;
      await pause(BETWEEN_ROUNDS_MS, undefined, { signal });
    }
  }

  /** Asks again while a member is silent, as one that is started again must not end the walk; but not for ever. */
  private async patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const until = Date.now() + this.config.CLOCK_PATIENCE_MS;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof MemberSilent) || Date.now() > until) throw error;
        await pause(250, undefined, { signal });
      }
    }
  }

  private async end(job: ClockJob, state: 'done' | 'failed', error: string | null): Promise<void> {
    await this.work.run((tx) => this.repository.end(tx, job.id, state, toDate(this.clock.now()), error));
  }
}
