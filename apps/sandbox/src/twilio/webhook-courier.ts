import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { type IdleState, Idleness } from '@slotmesh/platform';
import { Activity } from '../activity';
import { CarrierBell } from '../carrier-bell';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { Faults } from '../faults/faults';
import { SandboxWork } from '../sandbox-work';
import { WorkLoop } from '../work-loop';
import { SendReplies } from './commands/send-replies';
import { repliesIn } from './domain/twiml';
import { backoffMs, retryPolicy } from './domain/webhook-retry';
import { WebhookRepository, type PendingWebhook } from './persistence/webhook.repository';
import { postWebhook, type PostOutcome } from './webhook-post';

const AT_ONCE = 24;

/** Posts pending webhooks, many at a time and in no promised order. What is not answered stays a row and is tried again, also after a restart. */
@Injectable()
export class WebhookCourier implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new WorkLoop(() => this.step(), new Logger('webhooks'));
  private readonly logger = new Logger('webhooks');
  private readonly inFlight = new Map<string, Promise<void>>();
  /** Status callbacks that were taken; their rows go together in the next step. */
  private readonly taken = new Set<string>();
  private readonly ending = new AbortController();

  constructor(
    private readonly work: SandboxWork,
    private readonly webhooks: WebhookRepository,
    private readonly replies: SendReplies,
    private readonly bell: CarrierBell,
    private readonly faults: Faults,
    private readonly activity: Activity,
    private readonly idleness: Idleness,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.idleness.observe('webhooks', () => this.idle());
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.loop.stop();
    await Promise.all(this.inFlight.values());
    await this.work.run((tx) => this.webhooks.forget(tx, [...this.taken]));
  }

  wake(): void {
    this.loop.wake();
  }

  private async idle(): Promise<IdleState> {
    const { pending } = await this.work.run((tx) => this.webhooks.outlook(tx, []));
    return { idle: pending === 0, activity: 0, nextDue: null };
  }

  private async step(): Promise<number | null> {
    const room = AT_ONCE - this.inFlight.size;
    const taken = [...this.taken];
    // Why null: every webhook that ends wakes the loop.
    if (room <= 0 && taken.length === 0) return null;
    const except = [...this.inFlight.keys(), ...taken];
    const { due, nextInMs } = await this.work.run(async (tx) => {
      await this.webhooks.forget(tx, taken);
      const due = await this.webhooks.due(tx, room, except);
      return { due, nextInMs: (await this.webhooks.outlook(tx, [...except, ...due.map((hook) => hook.id)])).nextInMs };
    });
    for (const id of taken) this.taken.delete(id);
    for (const hook of due) this.start(hook);
    return this.inFlight.size >= AT_ONCE || nextInMs === null ? null : Math.ceil(Math.max(1, nextInMs));
  }

  private start(hook: PendingWebhook): void {
    const delivery = this.activity
      .during(() => this.deliver(hook))
      .catch((error: unknown) => this.logger.error(error instanceof Error ? error.message : 'a webhook failed'))
      .finally(() => {
        this.inFlight.delete(hook.id);
        this.wake();
      });
    this.inFlight.set(hook.id, delivery);
  }

  private async deliver(hook: PendingWebhook): Promise<void> {
    const fault = hook.attempt > 0 ? null : await this.faults.strike('callback', recipientOf(hook), hook.kind === 'status' ? ['callback-lost', 'callback-twice', 'slow'] : ['callback-twice', 'slow']);
    if (fault?.kind === 'callback-lost') return this.work.run((tx) => this.webhooks.end(tx, hook, 'lost', 'lost by order'));
    if (fault?.kind === 'slow') await this.pause(fault.delayMs);
    let outcome = await this.post(hook);
    if (outcome.ok && fault?.kind === 'callback-twice') outcome = await this.post(hook);
    // Why: an interrupted try was none; the row stays for the next start.
    if (this.ending.signal.aborted && !outcome.ok) return;
    await this.settle(hook, outcome);
  }

  private post(hook: PendingWebhook): Promise<PostOutcome> {
    return postWebhook(hook.url, hook.fields, hook.token, this.config.TWILIO_AUTH_TOKEN, this.ending.signal);
  }

  private async settle(hook: PendingWebhook, outcome: PostOutcome): Promise<void> {
    if (outcome.ok && hook.kind === 'status') {
      this.taken.add(hook.id);
      return;
    }
    if (outcome.ok) {
      const { replies, problem } = readReplies(outcome.body);
      await this.work.run(async (tx) => {
        await this.webhooks.end(tx, hook, 'delivered', problem);
        await this.replies.execute(tx, hook.messageSid, replies);
      });
      if (replies.length > 0) this.bell.ring();
      return;
    }
    const policy = retryPolicy(hook.url);
    const again = hook.attempt < policy.retries && policy.on.has(outcome.failure);
    await this.work.run((tx) => (again ? this.webhooks.postpone(tx, hook.id, backoffMs(hook.attempt + 1), outcome.reason) : this.webhooks.end(tx, hook, 'failed', outcome.reason)));
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.ending.signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }
}

function recipientOf(hook: PendingWebhook): string | null {
  return hook.fields.find(([name]) => name === (hook.kind === 'status' ? 'To' : 'From'))?.[1] ?? null;
}

function readReplies(body: string): { replies: ReturnType<typeof repliesIn>; problem: string | null } {
  try {
    return { replies: repliesIn(body), problem: null };
  } catch {
    return { replies: [], problem: '12100 the answer is not TwiML' };
  }
}
