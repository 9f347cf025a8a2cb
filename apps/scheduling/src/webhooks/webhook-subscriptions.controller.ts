import { Controller, Delete, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { instantText } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../config';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { AddSubscription } from './commands/add-subscription';
import { EnableSubscription } from './commands/enable-subscription';
import { ReplayDeliveries } from './commands/replay-deliveries';
import { RotateSecret } from './commands/rotate-secret';
import { isPublicAddress, literalAddress } from './domain/public-address';
import { webhookEventTypes } from './domain/webhook-event-types';
import { type WebhookDelivery, WebhookDeliveryRepository } from './persistence/webhook-delivery.repository';
import { type WebhookSubscription, WebhookSubscriptionRepository } from './persistence/webhook-subscription.repository';
import { SubscriptionUnknown } from './webhook.errors';

const isBare = ({ username, password, hash }: URL): boolean => !username && !password && !hash;
const subscriptionBody = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000).refine((text) => !URL.canParse(text) || isBare(new URL(text)), 'must hold no user, password or fragment'),
  events: z.array(z.enum(webhookEventTypes)).min(1).max(webhookEventTypes.length).transform((types) => [...new Set(types)]),
});
type SubscriptionBody = z.output<typeof subscriptionBody>;
const deliveryQuery = pageQuery.extend({ state: z.enum(['waiting', 'delivered', 'failed']).optional() });
const replayBody = z.strictObject({ since: instantText });

@Controller('api/scheduling/v1/webhook-subscriptions')
export class WebhookSubscriptionsController {
  constructor(
    private readonly work: UnitOfWork, private readonly addSubscription: AddSubscription, private readonly rotateSecret: RotateSecret, private readonly enableSubscription: EnableSubscription,
    private readonly replayDeliveries: ReplayDeliveries, private readonly subscriptions: WebhookSubscriptionRepository, private readonly deliveries: WebhookDeliveryRepository,
    @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig,
  ) {}

  /**
   * Has the practice's own events posted to a URL as CloudEvents (ids, times and states, no person), signed as in Standard Webhooks. `secret` is shown here
   * and never again. In production only https to public addresses. 409: there is one with this URL; whoever lost the answer rotates its secret.
   */
  @Post()
  @HttpCode(201)
  @Permits('webhooks:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(subscriptionBody) body: SubscriptionBody) {
    this.requireReachable(body.url);
    const { subscription, secret } = await this.work.run(caller.actor, (tx) => this.addSubscription.execute(tx, caller.practice, body));
    return { ...viewOf(subscription), secret };
  }

  /** The practice's subscriptions. `disabledAt` and `reason` where one was disabled, after three days without a success or by 410. */
  @Get()
  @Permits('webhooks:write')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<ReturnType<typeof viewOf>>> {
    const after = startOf(page, z.uuid());
    return pageOf(await this.work.run(caller.actor, (tx) => this.subscriptions.list(tx, after, page.limit + 1)), page.limit, ({ id }) => id, viewOf);
  }

  /** One subscription, with when and why it was disabled, if it was. */
  @Get(':id')
  @Permits('webhooks:write')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string) {
    const subscription = await this.work.run(caller.actor, (tx) => this.subscriptions.find(tx, id));
    if (!subscription) throw new SubscriptionUnknown();
    return viewOf(subscription);
  }

  /** Ends the subscription and forgets its deliveries. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('webhooks:write')
  async remove(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string): Promise<void> {
    await this.work.run(caller.actor, async (tx) => {
      if (!(await this.subscriptions.remove(tx, id))) throw new SubscriptionUnknown();
      tx.audit.record({ action: 'webhook-subscription.removed', entity: 'webhook-subscription', entityId: id });
    });
  }

  /** A new secret, shown here and never again; for 24 hours each webhook bears a signature by both, so that the receiver can change over. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Permits('webhooks:write')
  async rotate(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string) {
    return { secret: await this.work.run(caller.actor, (tx) => this.rotateSecret.execute(tx, caller.practice, id)) };
  }

  /** Sends again after it was disabled, first what has waited meanwhile. */
  @Post(':id/enable')
  @HttpCode(204)
  @Permits('webhooks:write')
  async enable(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.enableSubscription.execute(tx, id));
  }

  /** What was made for this subscription, the newest first, kept for 30 days. `attempts` (the last 20) and `nextAttemptAt` are machine time, because sending is transport; `time` is the event's. */
  @Get(':id/deliveries')
  @Permits('webhooks:write')
  async listDeliveries(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string, @ZodQuery(deliveryQuery) by: z.output<typeof deliveryQuery>): Promise<Page<ReturnType<typeof viewOfDelivery>>> {
    const before = startOf(by, z.uuid());
    const rows = await this.work.run(caller.actor, async (tx) => {
      if (!(await this.subscriptions.find(tx, id))) throw new SubscriptionUnknown();
      return this.deliveries.list(tx, id, { state: by.state ?? null, before, limit: by.limit + 1 });
    });
    return pageOf(rows, by.limit, ({ event }) => event, viewOfDelivery);
  }

  /** Sends everything since an instant (RFC 3339, the events' time) again, under the same webhook ids. */
  @Post(':id/replay')
  @HttpCode(202)
  @Permits('webhooks:write')
  async replaySince(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string, @ZodBody(replayBody) { since }: z.output<typeof replayBody>) {
    return { replayed: await this.work.run(caller.actor, (tx) => this.replayDeliveries.execute(tx, id, { since })) };
  }

  /** Sends one delivery again, under the same webhook id. */
  @Post(':id/deliveries/:event/replay')
  @HttpCode(202)
  @Permits('webhooks:write')
  async replay(@CurrentStaff() caller: StaffCaller, @ZodParam('id', z.uuid()) id: string, @ZodParam('event', z.uuid()) event: string) {
    return { replayed: await this.work.run(caller.actor, (tx) => this.replayDeliveries.execute(tx, id, { event })) };
  }

  /** Throws a problem at `url`. What a name leads to is looked at when it is sent. */
  private requireReachable(text: string): void {
    if (this.config.MODE === 'sandbox') return;
    const url = new URL(text);
    const literal = literalAddress(url);
    if (url.protocol === 'https:' && (literal === null || isPublicAddress(literal))) return;
    throw new z.ZodError([{ code: 'custom', path: ['url'], message: 'must be https and lead to a public address', input: undefined }]);
  }
}

const viewOf = ({ id, url, events, createdAt, disabledAt, reason }: WebhookSubscription) => ({ id, url, events, createdAt: formatInstant(createdAt), disabledAt: disabledAt === null ? null : formatInstant(disabledAt), reason });
const viewOfDelivery = ({ event, type, subject, sequence, time, state, attempts, nextAt }: WebhookDelivery) => ({
  id: event, type, subject, sequence, time: formatInstant(time), state, attempts, nextAttemptAt: state === 'waiting' ? formatInstant(nextAt) : null,
});
