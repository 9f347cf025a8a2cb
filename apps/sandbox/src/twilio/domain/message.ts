/** A text as Twilio's Messages resource keeps it. Instants are domain time. */
export interface Message {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: Direction;
  readonly from: string | null;
  readonly to: string;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly numSegments: number;
  readonly numMedia: number;
  readonly status: MessageStatus;
  readonly errorCode: number | null;
  readonly price: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly sentAt: Date | null;
  readonly statusCallback: string | null;
  readonly validitySeconds: number;
  readonly sendAt: Date | null;
}

export type Direction = 'inbound' | 'outbound-api' | 'outbound-reply';

export type MessageStatus =
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'receiving'
  | 'received';

const FINAL: ReadonlySet<MessageStatus> = new Set(['delivered', 'undelivered', 'failed', 'canceled', 'received']);

/** Nothing happens to a message by itself once its status is final. */
export function isFinal(status: MessageStatus): boolean {
  return FINAL.has(status);
}
