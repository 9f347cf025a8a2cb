import { createHmac, timingSafeEqual } from 'node:crypto';
import { type AppointmentId, type Instant, type PatientId, SECOND, instant } from '@slotmesh/kernel';

/** What a link says: ids and an expiry, nothing about anybody. */
export interface PatientLink {
  readonly appointment: AppointmentId;
  /** The host's patient. */
  readonly patient: PatientId;
  /** Whose link it is, null: the patient's own. */
  readonly representative: string | null;
  /** Domain time, in whole seconds. */
  readonly expires: Instant;
}

/** The first byte: what the link is for and who holds it. Another kind of link gets a number of its own. */
const VISIT_PAGE = { patient: 1, representative: 2 } as const;
const ID = 16;
const TIME = 6;
const MAC = 16;

/** A signed link as text for a URL: purpose, appointment, patient, representative if any, expiry, and 128 bits of HMAC-SHA-256 over them. */
export function signLink(key: Buffer, link: PatientLink): string {
  const expiry = Buffer.alloc(TIME);
  expiry.writeUIntBE(Math.floor(link.expires / SECOND), 0, TIME);
  const kind = link.representative === null ? VISIT_PAGE.patient : VISIT_PAGE.representative;
  const body = Buffer.concat([Buffer.of(kind), bytesOf(link.appointment), bytesOf(link.patient), ...(link.representative === null ? [] : [bytesOf(link.representative)]), expiry]);
  return Buffer.concat([body, macOf(key, body)]).toString('base64url');
}

/** Null for whatever this key did not sign, one changed character included. Whether it has expired is the caller's to ask. */
export function readLink(key: Buffer, text: string): PatientLink | null {
  const bytes = Buffer.from(text, 'base64url');
  // Why written again: base64url has spare bits, and one link must be one text.
  if (bytes.toString('base64url') !== text || bytes.length < 1 + MAC) return null;
  const [body, mac] = [bytes.subarray(0, -MAC), bytes.subarray(-MAC)];
  if (!timingSafeEqual(macOf(key, body), mac)) return null;
  const ids = body[0] === VISIT_PAGE.patient ? 2 : body[0] === VISIT_PAGE.representative ? 3 : 0;
  if (ids === 0 || body.length !== 1 + ids * ID + TIME) return null;
  const id = <T extends string>(index: number): T => uuidOf<T>(body.subarray(1 + index * ID, 1 + (index + 1) * ID));
  return { appointment: id(0), patient: id(1), representative: ids === 3 ? id(2) : null, expires: instant(body.readUIntBE(body.length - TIME, TIME) * SECOND) };
}

const macOf = (key: Buffer, body: Buffer): Buffer => createHmac('sha256', key).update(body).digest().subarray(0, MAC);
const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
/** Why no parser: only ids were signed. */
const uuidOf = <T extends string>(bytes: Buffer): T => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as T;
