import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

export const newDataKey = (): Buffer => randomBytes(32);

/** AES-256-GCM, base64url of nonce + ciphertext + tag. `aad` binds the text to its place: patient id + ':' + field (P24). */
export function seal(key: Buffer, text: string, aad: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** Throws where key, text or place do not belong together. */
export function unseal(key: Buffer, sealed: string, aad: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE)).setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()]).toString('utf8');
}

/** Wraps a key by another key. */
export const wrapKey = (wrapping: Buffer, key: Buffer, aad: string): string => seal(wrapping, key.toString('base64'), aad);
export const unwrapKey = (wrapping: Buffer, wrapped: string, aad: string): Buffer => Buffer.from(unseal(wrapping, wrapped, aad), 'base64');

export type IndexedField = 'phone' | 'email' | 'name' | 'birthDate' | 'recordNumber';

/** Equal values of a field have equal indexes under one network key; nothing else can be read from them. Normalise before: E.164, lower-case e-mail, folded name. */
export function blindIndexOf(indexKey: Buffer, field: IndexedField, value: string): string {
  return createHmac('sha256', indexKey).update(`${field}\0${value}`).digest('base64url');
}

/** Folds a name so that case, accents, spaces and punctuation do not matter. */
export const foldName = (name: string): string => name.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
