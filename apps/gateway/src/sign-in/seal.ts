import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import { z } from 'zod';

/**
 * Seals small records for the browser to keep: JWE (RFC 7516), `dir`, A256GCM. Nothing is stored here, so a restart or a second replica with the same
 * keys goes on with every session. The purpose is part of the seal: a pending sign-in can never be passed off as a session.
 */
export class Seal {
  constructor(private readonly keys: readonly Uint8Array[]) {}

  /** `ends` in seconds since 1970. */
  async close(purpose: string, record: object, ends: number): Promise<string> {
    const [key] = this.keys;
    if (!key) throw new Error('a seal needs a key');
    return new EncryptJWT({ record }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).setAudience(purpose).setExpirationTime(Math.floor(ends)).encrypt(key);
  }

  /** Null where the text is not ours, was changed, is for another purpose, has ended, or has a shape that is no longer in use. */
  async open<Schema extends z.ZodType>(purpose: string, text: string, schema: Schema): Promise<z.output<Schema> | null> {
    for (const key of this.keys) {
      try {
        const { payload } = await jwtDecrypt(text, key, { audience: purpose, keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] });
        const record = schema.safeParse(payload['record']);
        return record.success ? record.data : null;
      } catch (error) {
        if (!(error instanceof errors.JOSEError) && !(error instanceof TypeError)) throw error;
      }
    }
    return null;
  }
}
