import { domainToASCII } from 'node:url';
import { type Brand, DomainError } from '@slotmesh/kernel';

/** Lower case, the domain in its ASCII form: `ana.ruiz@mail.example`. */
export type Email = Brand<string, 'Email'>;

/** The message never repeats the address. */
export class EmailImpossible extends DomainError {
  constructor(rule: string) {
    super('invalid', 'email-impossible', `This e-mail address ${rule}`);
  }
}

const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads one mailbox: RFC 5321 lengths, a dot-atom before the @ (no quotes, no comments, ASCII, as every mail server takes it), a domain name of two or
 * more labels after it (international ones become punycode). Throws EmailImpossible. Case is given up: no provider in use tells letters apart by it, and
 * one person must not have two contact points.
 */
export function parseEmail(text: string): Email {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  if (at < 1) throw new EmailImpossible('needs a name, an @ and a domain, such as ana@mail.example.');
  const local = address.slice(0, at).toLowerCase();
  if (local.length > 64 || !LOCAL.test(local)) throw new EmailImpossible('has a part before the @ that no mail server takes. Check for spaces, commas and accents.');
  const typed = address.slice(at + 1);
  // Why first: domainToASCII would quietly cut a path or a port off.
  const domain = /^[\p{L}\p{M}\p{N}.-]+$/u.test(typed) ? domainToASCII(typed.normalize('NFC').toLowerCase()) : '';
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) throw new EmailImpossible('has a domain that cannot exist. Check what stands after the @.');
  if (labels.at(-1) === 'invalid') throw new EmailImpossible('ends in .invalid, which never exists (RFC 2606).');
  if (local.length + 1 + domain.length > 254) throw new EmailImpossible('is longer than the 254 characters that mail can carry.');
  return `${local}@${domain}` as Email;
}
