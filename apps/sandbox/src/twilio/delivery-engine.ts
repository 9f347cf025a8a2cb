import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type IdleState, Idleness } from '@slotmesh/platform';
import { Activity } from '../activity';
import { CarrierBell } from '../carrier-bell';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { SandboxWork } from '../sandbox-work';
import { WorkLoop } from '../work-loop';
import { statusFields } from './domain/callback-fields';
import { segment } from './domain/segments';
import { callbackDelayMs, expiresAt, nextStep } from './domain/status-walk';
import { MessageRepository, type StepRow, type Underway } from './persistence/message.repository';
import { WebhookRepository } from './persistence/webhook.repository';
import { WebhookCourier } from './webhook-courier';

const BATCH = 500;

/** The carrier: moves every message through its states, within tens of real milliseconds, and lets each state be called back. */
@Injectable()
export class DeliveryEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new WorkLoop(() => this.step(), new Logger('carrier'));

  constructor(
    private readonly work: SandboxWork,
    private readonly messages: MessageRepository,
    private readonly webhooks: WebhookRepository,
    private readonly courier: WebhookCourier,
    private readonly clock: Clock,
    private readonly activity: Activity,
    private readonly bell: CarrierBell,
    private readonly idleness: Idleness,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.bell.answer(() => this.loop.wake());
    this.idleness.observe('carrier', () => this.idle());
    this.loop.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  private async idle(): Promise<IdleState> {
    const { underWay, nextDue, released } = await this.work.run((tx) => this.messages.outlook(tx));
    const now = this.clock.now();
    const due = nextDue === null ? null : instantOfDate(nextDue);
    if (due !== null && due <= now) this.loop.wake();
    return { idle: underWay === 0 && !released && (due === null || due > now), activity: 0, nextDue: due };
  }

  private async step(): Promise<number | null> {
    const { moved, outlook } = await this.work.run(async (tx) => {
      const now = toDate(this.clock.now());
      const ahead = await this.messages.outlook(tx);
      const due = ahead.nextInMs !== null && ahead.nextInMs <= 0 ? await this.messages.due(tx, BATCH) : [];
      const waiting = ahead.released || (ahead.nextDue !== null && ahead.nextDue <= now) ? await this.messages.waiting(tx) : [];
      const steps = [...due.map((message) => this.onward(message, now)), ...waiting.map((message) => this.awaited(message, now))].filter((step) => step !== null);
      await this.apply(tx, steps, [...due, ...waiting]);
      return { moved: steps.length, outlook: steps.length > 0 ? await this.messages.outlook(tx) : ahead };
    });
    this.activity.note(moved);
    if (moved > 0) this.courier.wake();
    const untilDue = outlook.nextDue === null ? null : outlook.nextDue.getTime() - this.clock.now();
    const waits = [outlook.nextInMs, untilDue].filter((wait) => wait !== null);
    return waits.length > 0 ? Math.ceil(Math.max(1, Math.min(...waits))) : null;
  }

  private async apply(tx: Tx, steps: readonly StepRow[], messages: readonly Underway[]): Promise<void> {
    if (steps.length === 0) return;
    const bySid = new Map(messages.map((message) => [message.sid, message]));
    await this.messages.step(tx, steps);
    const calls = steps.flatMap((step) => {
      const message = bySid.get(step.sid);
      if (!message?.statusCallback || message.status === step.status) return [];
      const fields = statusFields({ ...message, from: step.from_number }, step.status, step.error_code, step.at);
      return [{ messageSid: step.sid, kind: 'status' as const, url: message.statusCallback, fields, delayMs: callbackDelayMs(this.config.SANDBOX_SEED, step.sid, step.status) }];
    });
    await this.webhooks.add(tx, calls);
  }

  private onward(message: Underway, at: Date): StepRow | null {
    const step = nextStep(message.status, message.fate, this.config.SANDBOX_SEED, message.sid);
    return step && this.row(message, at, step.status, step.errorCode, message.fate.kind);
  }

  /** A scheduled text whose time has come is queued; a held one is given up after its ValidityPeriod (30036), or goes on once the fault is cleared. */
  private awaited(message: Underway & { readonly released: boolean }, at: Date): StepRow | null {
    if (message.status === 'scheduled') return message.sendAt && message.sendAt <= at ? this.row(message, at, 'queued', null, message.fate.kind) : null;
    if (expiresAt(message.createdAt, message.validitySeconds) <= at) return this.row(message, at, 'failed', 30036, message.fate.kind);
    return message.released ? this.row(message, at, 'queued', null, 'delivered') : null;
  }

  private row(message: Underway, at: Date, status: StepRow['status'], errorCode: number | null, fate: StepRow['fate']): StepRow {
    const numSegments = segment(message.body).segments;
    const after = nextStep(status, fate === 'undelivered' ? message.fate : { kind: fate }, this.config.SANDBOX_SEED, message.sid);
    return {
      sid: message.sid, status, error_code: errorCode, fate, at, num_segments: numSegments,
      from_number: message.from ?? this.config.TWILIO_SERVICE_SENDER,
      price: ['sent', 'delivered', 'undelivered'].includes(status) ? (-0.0079 * numSegments).toFixed(5) : null,
      next_in_ms: after?.afterMs ?? null,
    };
  }
}
