import { type ParsedMail, simpleParser } from 'mailparser';

/** `dead`: the address takes no mail any more; `full`: not now (RFC 3463); `declined`: this mail was not wanted there, which says nothing of the address. */
export type BounceKind = 'dead' | 'full' | 'declined';
export type Returned =
  | { readonly kind: 'bounce'; readonly bounce: BounceKind; readonly status: string }
  | { readonly kind: 'complaint'; readonly status: string }
  /** An out-of-office answer, a mail that is still on its way, a person's letter. */
  | { readonly kind: 'other' };
export interface ReturnedMail {
  readonly what: Returned;
  /** By the address that it came to (VERP). */
  readonly attempt: string | null;
  /** By the Message-ID of the mail that it is about: for complaints, whose sender keeps no envelope. */
  readonly message: string | null;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const VERP = new RegExp(`bounce\\+(${UUID})@`, 'i');
/** Headers of the mail that it is about, inside of it. Why searched for and not taken apart: some send it as an attachment, some inline, some its headers only; it is never encoded (RFC 2046 section 5.2.1). */
const OUR_MESSAGE = new RegExp(`^message-id:[ \\t]*<(${UUID})@`, 'im');
const OUR_ENVELOPE = new RegExp(`^(?:return-path|original-mail-from):[ \\t]*<?bounce\\+(${UUID})@`, 'im');

/** Reads a mail that came back: a delivery status notification (RFC 3464), a complaint (RFC 5965), or neither. */
export async function readReturnedMail(raw: Buffer): Promise<ReturnedMail> {
  const mail = await simpleParser(raw, { keepDeliveryStatus: true, skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const part = (type: string): string | null => mail.attachments.find(({ contentType }) => contentType === type)?.content.toString('utf8') ?? null;
  const inside = raw.toString('latin1').replace(/^[^]*?\r?\n\r?\n/, '').replace(/\r?\n[ \t]+/g, ' ');
  return {
    what: whatIs(part('message/delivery-status'), part('message/feedback-report')),
    attempt: (VERP.exec(addressed(mail)) ?? OUR_ENVELOPE.exec(inside))?.[1]?.toLowerCase() ?? null,
    message: OUR_MESSAGE.exec(inside)?.[1]?.toLowerCase() ?? null,
  };
}

/** Every header that says to whom it was brought, and none of those that its sender's text fills. */
function addressed(mail: ParsedMail): string {
  return mail.headerLines.filter(({ key }) => ['to', 'delivered-to', 'x-original-to', 'envelope-to'].includes(key)).map(({ line }) => line).join('\n');
}

function whatIs(delivery: string | null, feedback: string | null): Returned {
  if (feedback !== null) {
    const type = field(feedback, 'Feedback-Type')?.toLowerCase() ?? '';
    return type === 'abuse' || type === 'fraud' || type === 'opt-out' ? { kind: 'complaint', status: type } : { kind: 'other' };
  }
  // Why failed only: delayed means that the server still tries, relayed and delivered that it arrived.
  if (delivery === null || field(delivery, 'Action')?.toLowerCase() !== 'failed') return { kind: 'other' };
  const status = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(field(delivery, 'Status') ?? '');
  if (!status || status[1] === '2') return { kind: 'other' };
  return { kind: 'bounce', bounce: bounceOf(status[1] ?? '', status[2] ?? '', status[3] ?? ''), status: status[0] };
}

/** RFC 3463: the class says whether it lasts, the subject what it is about. */
function bounceOf(lasting: string, subject: string, detail: string): BounceKind {
  if (lasting === '4') return 'full';
  // A mailbox that is full today is not dead, whatever the server makes of it.
  if (subject === '2' && detail === '2') return 'full';
  // Mail system, content, policy: a spam filter, a size, a signature.
  return ['3', '6', '7'].includes(subject) ? 'declined' : 'dead';
}

const field = (text: string, name: string): string | null => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? null;
