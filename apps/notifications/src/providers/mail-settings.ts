import type { NotificationsConfig } from '../config';

/** What a receiver must be able to trust of a mail. Why named: the signer's own list leaves out List-Unsubscribe-Post, which RFC 8058 section 4 demands beside List-Unsubscribe. */
export const SIGNED_HEADERS = [
  'From', 'Sender', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'Cc', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'In-Reply-To', 'References', 'List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Feedback-ID', 'Auto-Submitted',
].join(':');

type Settings = Pick<NotificationsConfig, 'PUBLIC_URL' | 'MAIL_BOUNCE_DOMAIN' | 'MAIL_SUBSCRIPTION_FROM' | 'DKIM_DOMAIN' | 'DKIM_SELECTOR' | 'DKIM_PRIVATE_KEY'>;

/** Where bounces go. */
export const bounceDomain = ({ MAIL_BOUNCE_DOMAIN, PUBLIC_URL }: Settings): string => MAIL_BOUNCE_DOMAIN ?? new URL(PUBLIC_URL).hostname;

/** The sender of the envelope names the attempt, so that whatever comes back to it says what it is about without being read (VERP). */
export const envelopeSender = (attempt: string, settings: Settings): string => `bounce+${attempt}@${bounceDomain(settings)}`;

/** Mail that may be unsubscribed as a whole has a sender of its own, so that complaints about it do not keep reminders out of mailboxes. */
export const subscriptionSender = (settings: Settings): string => settings.MAIL_SUBSCRIPTION_FROM ?? `news@${bounceDomain(settings)}`;

/** How mails are signed (RFC 6376); null: they are not. */
export function dkimOf({ DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY }: Settings): { readonly domainName: string; readonly keySelector: string; readonly privateKey: string; readonly headerFieldNames: string } | null {
  if (DKIM_DOMAIN === undefined || DKIM_SELECTOR === undefined || DKIM_PRIVATE_KEY === undefined) return null;
  return { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey: DKIM_PRIVATE_KEY, headerFieldNames: SIGNED_HEADERS };
}
