import { z } from 'zod';

const environment = z.object({
  TEST_DATABASE_URL: z.string({ error: 'TEST_DATABASE_URL is not set: run tests through npm test, or node tools/launcher/with-servers.mjs -- npx jest ...' }),
  TEST_KAFKA_BROKERS: z.string({ error: 'TEST_KAFKA_BROKERS is not set: run tests through npm test, or node tools/launcher/with-servers.mjs -- npx jest ...' }),
});

/** The real PostgreSQL and Kafka that the test run has. */
export function testServers(): { readonly databaseUrl: string; readonly brokers: string[] } {
  const { TEST_DATABASE_URL, TEST_KAFKA_BROKERS } = environment.parse(process.env);
  return { databaseUrl: TEST_DATABASE_URL, brokers: TEST_KAFKA_BROKERS.split(',') };
}
