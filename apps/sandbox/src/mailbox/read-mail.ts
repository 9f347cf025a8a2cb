import { type AddressObject, simpleParser } from 'mailparser';

export interface ReadMail {
  readonly messageId: string | null;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly ics: string | null;
}

const CALENDAR = /^(text\/calendar|application\/ics)\b/i;

/** Takes a mail apart: headers that a person sees, both bodies, and the invitation, whether it is an alternative or an attachment. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
  const calendar = mail.attachments.find((part) => CALENDAR.test(part.contentType));
  return {
    messageId: mail.messageId ?? null,
    from: mail.from?.text ?? '',
    to: addresses(mail.to),
    subject: mail.subject ?? '',
    text: mail.text ?? null,
    html: typeof mail.html === 'string' ? mail.html : null,
    ics: calendar ? calendar.content.toString('utf8') : null,
  };
}

function addresses(value: AddressObject | AddressObject[] | undefined): string {
  return [value ?? []].flat().map((address) => address.text).join(', ');
}
