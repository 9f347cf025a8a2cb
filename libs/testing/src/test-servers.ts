import { type Instant, parseInstant } from '@slotmesh/kernel';
import { z } from 'zod';

const environment = z.object({
  TEST_DATABASE_URL: z.string({ error: 'TEST_DATABASE_URL is not set: run tests through npm test, or node tools/launcher/with-servers.mjs -- npx jest ...' }),
  TEST_KAFKA_BROKERS: z.string({ error: 'TEST_KAFKA_BROKERS is not set: run tests through npm test, or node tools/launcher/with-servers.mjs -- npx jest ...' }),
});
const run = z.object({ TEST_RUN: z.string(), TEST_START: z.iso.datetime().transform((at) => parseInstant(at)) });

/** The real PostgreSQL and Kafka that the test run has. */
export function testServers(): { readonly databaseUrl: string; readonly brokers: string[] } {
  const { TEST_DATABASE_URL, TEST_KAFKA_BROKERS } = environment.parse(process.env);
  return { databaseUrl: TEST_DATABASE_URL, brokers: TEST_KAFKA_BROKERS.split(',') };
}

/** The run that this test is part of: a name that all of its workers have, and the instant at which suites begin. */
export function testRun(): { readonly name: string; readonly start: Instant } {
  const { TEST_RUN, TEST_START } = run.parse(process.env);
  return { name: TEST_RUN, start: TEST_START };
}
