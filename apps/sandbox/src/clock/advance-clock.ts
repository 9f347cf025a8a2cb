import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Clock, DomainError, MovableClock, toDate } from '@slotmesh/kernel';
import { SandboxWork } from '../sandbox-work';
import { ClockRepository, type ClockJob } from './clock.repository';
import { ClockWalker } from './clock-walker';

class ClockGoesBack extends DomainError {
  constructor() {
    super('unprocessable', 'clock-goes-back', 'The clock only goes forward: choose an instant after now.');
  }
}
class TooFar extends DomainError {
  constructor() {
    super('unprocessable', 'clock-too-far', 'The clock is advanced by at most two years at a time.');
  }
}
class AlreadyAdvancing extends DomainError {
  constructor() {
    super('conflict', 'clock-already-advancing', 'The clock is being advanced. Wait until that has ended.');
  }
}
class JobNotFound extends DomainError {
  constructor() {
    super('not-found', 'clock-job-not-found', 'There is no such walk of the clock.');
  }
}

const FURTHEST_MS = 2 * 366 * 86_400_000;

/** Keeps the offset over restarts and runs one walk at a time; one that a crash interrupted goes on at the next start. */
@Injectable()
export class AdvanceClock implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('clock');
  private readonly ending = new AbortController();
  private walking: Promise<void> = Promise.resolve();

  constructor(
    private readonly work: SandboxWork,
    private readonly repository: ClockRepository,
    private readonly walker: ClockWalker,
    @Inject(Clock) private readonly clock: MovableClock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.clock.moveTo(await this.work.run((tx) => this.repository.offset(tx)));
  }

  async onApplicationBootstrap(): Promise<void> {
    const interrupted = await this.work.run((tx) => this.repository.running(tx));
    if (interrupted) this.begin(interrupted);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.walking;
  }

  /** Starts a walk to a domain instant (milliseconds). Throws ClockGoesBack, TooFar, AlreadyAdvancing. */
  async execute(target: number): Promise<ClockJob> {
    const now = this.clock.now();
    if (!(target > now)) throw new ClockGoesBack();
    if (target - now > FURTHEST_MS) throw new TooFar();
    const job = await this.work.run(async (tx) => {
      if (await this.repository.running(tx)) throw new AlreadyAdvancing();
      return this.repository.start(tx, toDate(now), new Date(target));
    });
    if (!job) throw new AlreadyAdvancing();
    this.begin(job);
    return job;
  }

  async job(id: string): Promise<ClockJob> {
    const job = await this.work.run((tx) => this.repository.find(tx, id));
    if (!job) throw new JobNotFound();
    return job;
  }

  async running(): Promise<ClockJob | null> {
    return this.work.run((tx) => this.repository.running(tx));
  }

  /** Waits for the walk under way and returns how it ended. */
  async finished(id: string): Promise<ClockJob> {
    await this.walking;
    return this.job(id);
  }

  private begin(job: ClockJob): void {
    this.walking = this.walker.walk(job, this.ending.signal).catch((error: unknown) => this.logger.error(error instanceof Error ? error.message : 'failed'));
  }
}
