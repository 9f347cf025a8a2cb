import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, type ErrorKind, formatInstant } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { problemOf, statusOfKind } from '@slotmesh/platform';

interface KeptRow {
  request_hash: Buffer;
  status: number | null;
  answer: unknown;
}
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * P4 (draft-ietf-httpapi-idempotency-key-header): the same key gives the same answer and one effect; a twin in flight waits for the first; another
 * payload is 422. A refusal is an answer too and is kept; a failure of infrastructure, or that it is too often now, is not.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly work: UnitOfWork) {}

  async answer(actor: Actor, key: string | undefined, request: unknown, success: number, fn: (tx: Tx) => Promise<unknown>): Promise<HttpAnswer> {
    if (key === undefined) return { status: success, body: await this.work.run(actor, fn) };
    const clean = key.trim().replace(/^"(.*)"$/, '$1');
    if (clean.length === 0 || clean.length > 255) throw new DomainError('invalid', 'idempotency-key-invalid', 'The Idempotency-Key must have 1 to 255 characters.');
    const hash = createHash('sha256').update(JSON.stringify(request)).digest();
    return this.work.run(actor, async (tx) => {
      const owner = [actor.practice ?? '', actor.subject, clean] as const;
      // Why an insert first: it waits for a twin whose transaction is still open.
      const first = await tx.execute(`INSERT INTO idempotency (practice_id, subject, key, request_hash, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, [...owner, hash, formatInstant(tx.now)]);
      if (first === 0) return this.kept(tx, owner, hash);
      const answer = await this.attempt(tx, success, fn);
      await tx.execute(`UPDATE idempotency SET status = $4, answer = $5 WHERE practice_id = $1 AND subject = $2 AND key = $3`, [...owner, answer.status, JSON.stringify(answer.body)]);
      return answer;
    });
  }

  private async kept(tx: Tx, owner: readonly [string, string, string], hash: Buffer): Promise<HttpAnswer> {
    const [row] = await tx.query<KeptRow>(`SELECT request_hash, status, answer FROM idempotency WHERE practice_id = $1 AND subject = $2 AND key = $3`, owner);
    if (!row || row.status === null) throw new DomainError('unavailable', 'twin-in-flight', 'The first request with this Idempotency-Key has no answer yet. Send it again in a moment.');
    if (!row.request_hash.equals(hash)) throw new DomainError('unprocessable', 'idempotency-key-reused', 'This Idempotency-Key was used for another request. Use a new key for a new request.');
    return { status: row.status, body: row.answer };
  }

  private async attempt(tx: Tx, success: number, fn: (tx: Tx) => Promise<unknown>): Promise<HttpAnswer> {
    try {
      return { status: success, body: await tx.savepoint(() => fn(tx)) };
    } catch (error) {
      if (!(error instanceof DomainError) || RETRYABLE.has(error.kind)) throw error;
      return { status: statusOfKind[error.kind], body: problemOf(error.kind, error.code, error.message, error.details) };
    }
  }
}

const RETRYABLE: ReadonlySet<ErrorKind> = new Set(['unavailable', 'unauthenticated', 'too-many']);
