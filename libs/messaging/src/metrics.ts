import { Counter, Gauge, Histogram, register } from 'prom-client';

type Refresh = () => Promise<void>;
const refreshers = new Set<Refresh>();

/** Registers what brings the gauges up to date before each scrape; returns how to take it back. */
export function refreshBeforeScrape(refresh: Refresh): () => void {
  refreshers.add(refresh);
  return () => refreshers.delete(refresh);
}

/** consumer_records_total by what became of a record. `gap` counts alarms, beside the parking itself. */
export type RecordOutcome = 'handled' | 'skipped' | 'duplicate' | 'parked' | 'gap' | 'dead' | 'retried' | 'failed-again' | 'discarded';

export const consumerRecords = new Counter({ name: 'consumer_records_total', help: 'Records by what became of them.', labelNames: ['consumer', 'outcome'] as const, registers: [register] });
export const endToEnd = new Histogram({ name: 'end_to_end_seconds', help: 'Domain time from the change to its handling, by topic.', labelNames: ['topic'] as const, buckets: [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10, 60], registers: [register] });
export const relayedRecords = new Counter({ name: 'relay_records_total', help: 'Records that the broker has acknowledged.', registers: [register] });
export const relayFailures = new Counter({ name: 'relay_failures_total', help: 'Shipments that were not acknowledged and stay in the outbox.', registers: [register] });
export const outboxPending = new Gauge({ name: 'outbox_pending', help: 'Events committed and not yet acknowledged by the broker.', registers: [register], collect: refreshAll });
export const outboxOldestAge = new Gauge({ name: 'outbox_oldest_age_seconds', help: 'Real age of the oldest event in the outbox.', registers: [register] });
export const consumerLag = new Gauge({ name: 'consumer_lag', help: 'Records between the committed offsets and the ends of the partitions.', labelNames: ['consumer', 'topic'] as const, registers: [register] });
export const parkedEvents = new Gauge({ name: 'parked_events', help: 'Records in the park.', labelNames: ['consumer', 'state'] as const, registers: [register] });

async function refreshAll(): Promise<void> {
  // Why swallowed: a scrape must answer while database or broker are away; readiness tells of them.
  await Promise.allSettled([...refreshers].map((refresh) => refresh()));
}
