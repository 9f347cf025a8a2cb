import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { CAPACITY_CONFIG, type CapacityConfig } from '../../config';
import { workInThread } from '../../threads/work-in-thread';
import { WhatIfRepository } from '../persistence/what-if.repository';
import type { WhatIfTask } from '../what-if-task';

const message = z.discriminatedUnion('kind', [z.object({ kind: z.literal('progress'), done: z.int() }), z.object({ kind: z.literal('answer'), answer: z.looseObject({ version: z.literal(1) }) })]);

/** Each takes a core. */
const MOST_AT_ONCE = 2;
const LEASE_MS = 30_000;
const TELLS_EVERY_MS = 500;
/** A question that ended so many processes ends no further one. */
const MOST_ATTEMPTS = 3;
const AT_END = new Error('the process ends');
const TOO_LONG = new Error('it took too long');
const NOT_OURS = new Error('cancelled, or taken by another process');

/** Runs questions in threads, a few at once. A run belongs to this process while it is heard of; what a dead process left is begun again, and gives the same answer. */
@Injectable()
export class RunWhatIfs {
  private readonly logger = new Logger(RunWhatIfs.name);
  private readonly actor = workerFor('what-if', null);
  /** By the name of the run. */
  private readonly running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  constructor(private readonly work: UnitOfWork, private readonly whatIfs: WhatIfRepository, @Inject(CAPACITY_CONFIG) private readonly config: CapacityConfig) {}

  /** Begins one if there is one and a place for it. Returns how many it began. */
  async begin(): Promise<number> {
    if (this.running.size >= MOST_AT_ONCE) return 0;
    // A name for each run, not for the process: where a lease ran out while a process was held up, its earlier run must lose it as well.
    const runner = randomUUID();
    const taken = await this.work.run(this.actor, (tx) => this.whatIfs.take(tx, runner, LEASE_MS));
    if (!taken) return 0;
    const { id, task, attempts } = taken;
    if (task === null || attempts > MOST_ATTEMPTS) {
      const failure = task === null ? 'What was kept of it cannot be read. Ask it again.' : 'It was begun several times and never came to its end. Ask for fewer practices, slots or runs.';
      await this.work.run(this.actor, (tx) => this.whatIfs.end(tx, id, runner, { failure }));
      return 1;
    }
    const stop = new AbortController();
    this.running.set(runner, { stop, ended: this.run(id, runner, task, stop).finally(() => this.running.delete(runner)) });
    return 1;
  }

  /** Ends all threads; what they were at is free for other processes at once. */
  async stop(): Promise<void> {
    const all = [...this.running.values()];
    all.forEach(({ stop }) => stop.abort(AT_END));
    await Promise.all(all.map(({ ended }) => ended));
  }

  private async run(id: string, runner: string, task: WhatIfTask, stop: AbortController): Promise<void> {
    let done = 0;
    let answer: object | null = null;
    let telling: Promise<void> = Promise.resolve();
    const tell = async (): Promise<void> => {
      const isOurs = await this.work.run(this.actor, (tx) => this.whatIfs.progress(tx, id, runner, done, LEASE_MS));
      if (!isOurs) stop.abort(NOT_OURS);
    };
    // Why a limit beside that on what may be asked: the lease is kept as long as this process lives, and a run without end would keep its place from all others.
    const limit = setTimeout(() => stop.abort(TOO_LONG), this.config.WHAT_IF_MOST_SECONDS * 1000);
    const timer = setInterval(() => {
      // Why a failure is let go: the next one tells the same, and where none gets through, the lease ends.
      telling = telling.then(tell).catch(() => undefined);
    }, TELLS_EVERY_MS);
    try {
      await workInThread({
        file: join(__dirname, '..', 'what-if.worker'), data: task, signal: stop.signal, onMessage: (told) => {
          const read = message.parse(told);
          if (read.kind === 'progress') done = read.done;
          else answer = read.answer;
        },
      });
      await telling;
      const outcome = answer === null ? { failure: 'The simulation ended without an answer.' } : { answer };
      await this.work.run(this.actor, (tx) => this.whatIfs.end(tx, id, runner, outcome));
    } catch (error) {
      await this.failed(id, runner, error);
    } finally {
      clearInterval(timer);
      clearTimeout(limit);
    }
  }

  private async failed(id: string, runner: string, error: unknown): Promise<void> {
    if (error === NOT_OURS) return;
    // Why nothing is said of it: the simulation may have ended well. When its lease is over it is begun again, with the same answer.
    if (isInfrastructureFailure(error)) return this.leftToItsLease(id);
    const failure = error === TOO_LONG ? 'It did not come to its end in the time that others may be kept waiting. Ask for fewer runs, practices or slots.' : 'The simulation failed. Its operators find the reason in the log.';
    try {
      await this.work.run(this.actor, (tx) => (error === AT_END ? this.whatIfs.giveBack(tx, id, runner) : this.whatIfs.end(tx, id, runner, { failure })));
    } catch {
      this.leftToItsLease(id);
    }
    if (error !== AT_END) this.logger.error(`what-if ${id} failed: ${error instanceof Error ? error.message : 'unknown'}`);
  }

  private leftToItsLease(id: string): void {
    this.logger.warn(`what-if ${id} is left to its lease: the database does not answer`);
  }
}
