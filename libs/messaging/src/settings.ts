/** How a service takes part in events. Times are real milliseconds: leases, polls and transport retries never follow the movable clock. */
export interface MessagingSettings {
  /** Source of what it publishes, consumer group and name of its inbox. */
  readonly service: string;
  readonly brokers: readonly string[];
  /** Put before every topic and group, so that several installations (and tests) can share a broker. */
  readonly topicPrefix: string;
  /** `api` publishes only; `worker` and `all` consume too. */
  readonly role: 'api' | 'worker' | 'all';
  readonly relay: {
    /** Between looks while events flow; commits of this process are looked for at once. */
    readonly pollMs: number;
    /** Between looks when nothing came for a while. */
    readonly idlePollMs: number;
    /** Shortest time between two shipments: what is committed meanwhile shares one. */
    readonly gatherMs: number;
    readonly leaseMs: number; readonly rowsPerLane: number; readonly bytesPerShipment: number;
  };
  readonly consumer: {
    readonly maxWaitMs: number; readonly sessionMs: number; readonly heartbeatMs: number;
    /** Keys handled at the same time in one process; each takes one database connection. */
    readonly lanes: number;
    /** Records of one key in one transaction at most. */
    readonly runLength: number;
    /** How long a partition rests after a failure of infrastructure. */
    readonly pauseMs: number;
  };
  readonly retry: { readonly pollMs: number; readonly firstMs: number; readonly maxMs: number; readonly attempts: number };
  /** A consumer that has ended for good calls this; the supervisor starts the process again. */
  readonly onFatal: (error: Error) => void;
}

export const MESSAGING_SETTINGS = Symbol('MESSAGING_SETTINGS');

type Part<T> = T extends (...args: never[]) => unknown ? T : T extends object ? { readonly [K in keyof T]?: T[K] } : T;
export type MessagingOptions = { readonly [K in keyof MessagingSettings]?: Part<MessagingSettings[K]> };

export function messagingSettings(base: Pick<MessagingSettings, 'service' | 'brokers' | 'topicPrefix' | 'role'>, options: MessagingOptions = {}): MessagingSettings {
  return {
    ...base,
    relay: { pollMs: 40, idlePollMs: 250, gatherMs: 10, leaseMs: 4_000, rowsPerLane: 250, bytesPerShipment: 700_000, ...options.relay },
    consumer: { maxWaitMs: 300, sessionMs: 10_000, heartbeatMs: 1_000, lanes: 8, runLength: 100, pauseMs: 1_000, ...options.consumer },
    retry: { pollMs: 250, firstMs: 250, maxMs: 60_000, attempts: 16, ...options.retry },
    onFatal: options.onFatal ?? (() => process.exit(1)),
  };
}
