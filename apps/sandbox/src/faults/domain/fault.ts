import { DomainError } from '@slotmesh/kernel';
import { z } from 'zod';

export const channels = ['sms', 'email', 'callback', 'oidc'] as const;
export type Channel = (typeof channels)[number];

export const kinds = ['429', '500-before', '500-after', 'timeout-after', 'slow', 'callback-lost', 'callback-twice', 'undelivered', 'queue-held', 'list-429'] as const;
export type FaultKind = (typeof kinds)[number];

const requests: readonly FaultKind[] = ['429', '500-before', '500-after', 'timeout-after', 'slow'];
const possible: Readonly<Record<Channel, readonly FaultKind[]>> = {
  sms: [...requests, 'undelivered', 'queue-held', 'list-429'],
  email: requests,
  callback: ['callback-lost', 'callback-twice', 'slow'],
  oidc: requests,
};

/** What a person or a test asks the stand-ins to do wrong. Without times and probability a fault happens once. */
export const faultOrder = z
  .strictObject({
    channel: z.enum(channels),
    kind: z.union([z.enum(kinds), z.literal(429).transform(() => '429' as const)]),
    times: z.number().int().min(1).max(1_000_000).optional(),
    probability: z.number().gt(0).max(1).optional(),
    seed: z.number().int().min(0).max(2 ** 31 - 1).default(1),
    /** Only for this phone number or address. */
    to: z.string().min(1).max(254).optional(),
    /** How long `slow` is, in real milliseconds. */
    delayMs: z.number().int().min(1).max(60_000).default(2_000),
    /** Twilio's code of `undelivered`. */
    errorCode: z.number().int().min(30_001).max(30_999).default(30_003),
  })
  .refine((order) => order.times === undefined || order.probability === undefined, { path: ['probability'], message: 'times and probability exclude each other' })
  .refine((order) => possible[order.channel].includes(order.kind), { path: ['kind'], message: 'this channel has no such fault' });

export type FaultOrder = z.output<typeof faultOrder>;

/** A fault that happens now, to one request. */
export interface Hit {
  readonly id: string;
  readonly kind: FaultKind;
  readonly delayMs: number;
  readonly errorCode: number | null;
}

export interface Fault extends Hit {
  readonly channel: Channel;
  readonly remaining: number | null;
  readonly probability: number | null;
  readonly seed: number;
  readonly to: string | null;
  readonly hits: number;
  readonly draws: number;
  readonly createdAt: Date;
  readonly cleared: boolean;
}

export class FaultNotFound extends DomainError {
  constructor() {
    super('not-found', 'fault-not-found', 'There is no such fault. GET /sandbox/api/faults lists them.');
  }
}
