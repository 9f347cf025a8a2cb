import { Inject, Injectable } from '@nestjs/common';
import { type Instant, MINUTE } from '@slotmesh/kernel';
import twilio from 'twilio';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { microsOf } from '../messages/domain/cost';
import { shortCodeLine } from '../messages/domain/short-code';
import { classOf } from './provider-errors';
import type { SendingResult } from './sending-result';
import { type TwilioClient, createTwilioClient } from './twilio-client';

export interface OutgoingText {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly attempt: string;
  readonly validitySeconds: number;
}
export interface FoundText {
  readonly sid: string;
  readonly status: string;
  readonly errorCode: number | null;
}

export interface CostOfText {
  readonly sid: string;
  readonly segments: number;
  /** Millionths of the currency's unit. */
  readonly micros: number;
  readonly currency: string;
}

/** Connections that were never made: nothing can have been processed. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
/** Clocks of provider and service may differ. */
const SKEW_MS = 5 * MINUTE;
const LOOK_AT_MOST = 400;
const COSTS_AT_MOST = 5_000;

/** Texts by Twilio's Messages resource. */
/** Twilio's webhook overrides: by default a report is tried once more, and only where no connection was made; while we restart it must come again. */
const RETRIES = '#rc=5&rp=all';

@Injectable()
export class Texts {
  private readonly client: TwilioClient;

  constructor(@Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'TWILIO_ACCOUNT_SID' | 'TWILIO_AUTH_TOKEN' | 'TWILIO_BASE_URL' | 'PROVIDER_TIMEOUT_MS' | 'PUBLIC_URL'>) {
    this.client = createTwilioClient(config);
  }

  async send({ from, to, body, attempt, validitySeconds }: OutgoingText): Promise<SendingResult> {
    try {
      // Why the attempt in the callback's URL: a report that comes while the answer to this call is lost still finds its way home.
      const message = await this.client.messages.create({ from, to, body, validityPeriod: validitySeconds, statusCallback: `${this.config.PUBLIC_URL}/webhooks/twilio/status?attempt=${attempt}${RETRIES}` });
      return { kind: 'accepted', providerId: message.sid, status: message.status };
    } catch (error) {
      return resultOf(error);
    }
  }

  /** Looks for a text whose creation is unclear: by phone, time and the code in its body. Throws where the provider does not answer. */
  async find(given: { readonly from: string; readonly to: string; readonly code: string; readonly since: Instant }): Promise<FoundText | null> {
    // Why no DateSent filter: a text that is still queued has no date of sending and would be missed; the newest come first and time is compared here.
    const texts = await this.client.messages.list({ to: given.to, from: given.from, pageSize: 100, limit: LOOK_AT_MOST });
    const found = texts.find(({ body, dateCreated }) => body.endsWith(shortCodeLine(given.code)) && dateCreated.getTime() >= given.since - SKEW_MS);
    return found ? { sid: found.sid, status: found.status, errorCode: found.errorCode || null } : null;
  }

  /** What a sender's texts of some days have cost, as far as the carriers have billed them. Throws where the provider does not answer. */
  async costs(given: { readonly from: string; readonly since: Instant; readonly until: Instant }): Promise<CostOfText[]> {
    const texts = await this.client.messages.list({ from: given.from, dateSentAfter: new Date(given.since - SKEW_MS), dateSentBefore: new Date(given.until), pageSize: 1_000, limit: COSTS_AT_MOST });
    return texts.flatMap(({ sid, price, priceUnit, numSegments }) => {
      const micros = microsOf(price);
      return micros === null ? [] : [{ sid, micros, currency: priceUnit.toUpperCase(), segments: Number(numSegments) }];
    });
  }
}

function resultOf(error: unknown): SendingResult {
  if (error instanceof twilio.RestException) {
    const { status, code } = error;
    if (status === 429 || code === 20429) return { kind: 'retry', why: 'rate' };
    return status >= 400 && status < 500 && status !== 408 ? { kind: 'refused', class: classOf(code ?? null), code: code ?? null } : { kind: 'unclear' };
  }
  const cause = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return NEVER_LEFT.has(cause) ? { kind: 'retry', why: 'unreachable' } : { kind: 'unclear' };
}
