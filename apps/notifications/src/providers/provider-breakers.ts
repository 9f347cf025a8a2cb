import { Injectable, Logger } from '@nestjs/common';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Gauge, register } from 'prom-client';
import { z } from 'zod';
import type { SendingResult } from './sending-result';

type Provider = 'sms' | 'email';
const PROVIDERS: readonly Provider[] = ['sms', 'email'];
/** Failures in a row that no other answer came between: one may be a bad moment, this many are an outage. */
const OPENS_AFTER = 5;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** How long a probe is given before another process may try one. */
const PROBE_MS = 15_000;

const gauge = new Gauge({ name: 'provider_breaker', help: '1 while a provider is taken to be out of reach and messages for it wait; 0 otherwise.', labelNames: ['provider'] as const, registers: [register] });
const openRow = z.object({ provider: z.enum(PROVIDERS), probe: z.boolean() });

/**
 * While a provider is out of reach messages wait and use up no attempt. Opened by failures in a row in one process, seen by all; now and then one message
 * goes ahead to see whether the provider is back, and one clear answer closes the breaker. Waits are real time.
 */
@Injectable()
export class ProviderBreakers {
  private readonly logger = new Logger('breaker');
  private readonly failures = new Map<Provider, number>();
  private open: ReadonlySet<Provider> = new Set();

  constructor(private readonly work: UnitOfWork) {
    for (const provider of PROVIDERS) gauge.set({ provider }, 0);
  }

  /** Which providers are out of reach, and which of them this transaction may try with one message: their rows are locked until it ends, so that no other does. */
  async look(tx: Tx): Promise<{ readonly open: readonly Provider[]; readonly probes: readonly Provider[] }> {
    const rows = z.array(openRow).parse(await tx.query('SELECT provider, probe_at <= clock_timestamp() AS probe FROM provider_breaker'));
    this.learn(rows.map(({ provider }) => provider));
    if (!rows.some(({ probe }) => probe)) return { open: [...this.open], probes: [] };
    const locked = z.array(openRow.pick({ provider: true })).parse(await tx.query('SELECT provider FROM provider_breaker WHERE probe_at <= clock_timestamp() ORDER BY provider FOR UPDATE SKIP LOCKED'));
    return { open: [...this.open], probes: locked.map(({ provider }) => provider) };
  }

  /** One message is on its way to see. */
  async probing(tx: Tx, provider: Provider): Promise<void> {
    await tx.execute('UPDATE provider_breaker SET probe_at = clock_timestamp() + $2 * interval \'1 ms\' WHERE provider = $1', [provider, PROBE_MS]);
  }

  /** Nothing was handed over: the next messages may try soon. */
  async tryNext(provider: Provider): Promise<void> {
    await this.work.run(workerFor('sender', null), (tx) => tx.execute(`UPDATE provider_breaker SET probe_at = clock_timestamp() + $2 * interval '1 ms' WHERE provider = $1`, [provider, FIRST_WAIT_MS]));
  }

  isOpen(provider: Provider): boolean {
    return this.open.has(provider);
  }

  /** What a provider answered, or that it did not. A refusal is an answer. */
  async note(provider: Provider, result: SendingResult, isProbe: boolean): Promise<void> {
    const failed = result.kind === 'unclear' || (result.kind === 'retry' && result.why === 'unreachable');
    if (!failed) {
      this.failures.set(provider, 0);
      if (isProbe || this.open.has(provider)) await this.close(provider);
      return;
    }
    const failures = (this.failures.get(provider) ?? 0) + 1;
    this.failures.set(provider, failures);
    if (isProbe) await this.work.run(workerFor('sender', null), (tx) => tx.execute(`UPDATE provider_breaker SET wait_ms = least(wait_ms * 2, $2), probe_at = clock_timestamp() + least(wait_ms * 2, $2) * interval '1 ms' WHERE provider = $1`, [provider, LONGEST_WAIT_MS]));
    else if (failures >= OPENS_AFTER && !this.open.has(provider)) await this.trip(provider);
  }

  private async trip(provider: Provider): Promise<void> {
    const added = await this.work.run(workerFor('sender', null), (tx) =>
      tx.execute(`INSERT INTO provider_breaker (provider, opened_at, probe_at, wait_ms) VALUES ($1, clock_timestamp(), clock_timestamp() + $2 * interval '1 ms', $2) ON CONFLICT DO NOTHING`, [provider, FIRST_WAIT_MS]));
    if (added > 0) this.logger.error({ provider }, 'the provider is out of reach; messages wait');
    this.learn([...this.open, provider]);
  }

  private async close(provider: Provider): Promise<void> {
    const closed = await this.work.run(workerFor('sender', null), (tx) => tx.execute('DELETE FROM provider_breaker WHERE provider = $1', [provider]));
    if (closed > 0) this.logger.warn({ provider }, 'the provider answers again');
    this.learn([...this.open].filter((other) => other !== provider));
  }

  private learn(open: readonly Provider[]): void {
    this.open = new Set(open);
    for (const provider of PROVIDERS) gauge.set({ provider }, this.open.has(provider) ? 1 : 0);
  }
}
