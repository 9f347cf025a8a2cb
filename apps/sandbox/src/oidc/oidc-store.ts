import { Injectable } from '@nestjs/common';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { SandboxWork } from '../sandbox-work';

interface RecordRow {
  payload: AdapterPayload;
  consumed_at: Date | null;
}

/** Sessions, grants and codes in PostgreSQL, so that a sign-in survives a restart. Expiry is real time. */
@Injectable()
export class OidcStore {
  constructor(private readonly work: SandboxWork) {}

  readonly adapter: AdapterFactory = (model) => this.adapterFor(model);

  private adapterFor(model: string): Adapter {
    const find = (column: 'id' | 'uid' | 'user_code') => async (value: string): Promise<AdapterPayload | undefined> => {
      const [row] = await this.work.run((tx) => tx.query<RecordRow>(FIND[column], [model, value]));
      return row && { ...row.payload, ...(row.consumed_at && { consumed: Math.floor(row.consumed_at.getTime() / 1000) }) };
    };
    const run = async (text: string, values: readonly unknown[]): Promise<undefined> => {
      await this.work.run((tx) => tx.execute(text, values));
      return undefined;
    };
    return {
      find: find('id'),
      findByUid: find('uid'),
      findByUserCode: find('user_code'),
      upsert: (id, payload, expiresIn) => run(UPSERT, [model, id, JSON.stringify(payload), payload.grantId ?? null, payload.uid ?? null, payload.userCode ?? null, expiresIn ?? null]),
      consume: (id) => run('UPDATE oidc_record SET consumed_at = clock_timestamp() WHERE model = $1 AND id = $2', [model, id]),
      destroy: (id) => run('DELETE FROM oidc_record WHERE model = $1 AND id = $2', [model, id]),
      revokeByGrantId: (grantId) => run('DELETE FROM oidc_record WHERE grant_id = $1', [grantId]),
    };
  }

  /** Removes what has expired; the provider itself never looks at it again. */
  async sweep(): Promise<void> {
    await this.work.run((tx) => tx.execute('DELETE FROM oidc_record WHERE expires_at < clock_timestamp()'));
  }
}

const NOT_EXPIRED = 'AND (expires_at IS NULL OR expires_at > clock_timestamp())';
const FIND = {
  id: `SELECT payload, consumed_at FROM oidc_record WHERE model = $1 AND id = $2 ${NOT_EXPIRED}`,
  uid: `SELECT payload, consumed_at FROM oidc_record WHERE model = $1 AND uid = $2 ${NOT_EXPIRED}`,
  user_code: `SELECT payload, consumed_at FROM oidc_record WHERE model = $1 AND user_code = $2 ${NOT_EXPIRED}`,
} as const;
const UPSERT = `INSERT INTO oidc_record (model, id, payload, grant_id, uid, user_code, expires_at)
  VALUES ($1, $2, $3::jsonb, $4, $5, $6, clock_timestamp() + $7 * interval '1 s')
  ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, user_code = excluded.user_code, expires_at = excluded.expires_at`;
