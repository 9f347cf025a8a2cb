import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type JWK, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { SandboxWork } from '../sandbox-work';

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) });
const cookieKeys = z.array(z.string()).min(1);

/** The provider's keys, made once and kept, so that tokens and cookies stay good over a restart. */
@Injectable()
export class SigningKeys {
  constructor(private readonly work: SandboxWork) {}

  async jwks(): Promise<{ keys: (JWK & { kty: string; kid: string })[] }> {
    return jwks.parse(await this.kept('jwks', makeJwks));
  }

  /** The keys by which the invented practice system signs; private, and shown to whoever plays it. */
  async smartClientJwks(): Promise<{ keys: (JWK & { kty: string; kid: string })[] }> {
    return jwks.parse(await this.kept('smart-client', async () => ({ keys: [await makeKey('RS384'), await makeKey('ES384')] })));
  }

  async cookieKeys(): Promise<string[]> {
    return cookieKeys.parse(await this.kept('cookies', async () => [randomBytes(32).toString('base64url')]));
  }

  private async kept(name: string, make: () => Promise<unknown>): Promise<unknown> {
    return this.work.run(async (tx) => {
      const read = async () => (await tx.query<{ value: unknown }>('SELECT value FROM oidc_secret WHERE name = $1', [name]))[0]?.value;
      const found = await read();
      if (found !== undefined) return found;
      await tx.execute('INSERT INTO oidc_secret (name, value) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING', [name, JSON.stringify(await make())]);
      return read();
    });
  }
}

const makeJwks = async (): Promise<{ keys: JWK[] }> => ({ keys: [await makeKey('RS256')] });

async function makeKey(alg: 'RS256' | 'RS384' | 'ES384'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg, use: 'sig' };
}
