import { z } from 'zod';
import { CountingService } from './counting-service';

/** One process of the counting service, made to be killed: `relay` publishes only, `consumer` takes ticks (and relays its own echoes). */
const settings = z.object({
  COUNTING_PART: z.enum(['relay', 'consumer']),
  COUNTING_SERVICE: z.string(),
  COUNTING_DATABASE: z.string(),
  COUNTING_BROKERS: z.string().transform((text) => text.split(',')),
  COUNTING_PREFIX: z.string(),
  COUNTING_ECHO: z.enum(['yes', 'no']).default('yes'),
});

async function main(): Promise<void> {
  const { COUNTING_PART: part, COUNTING_SERVICE: service, COUNTING_DATABASE: workerUrl, COUNTING_BROKERS: brokers, COUNTING_PREFIX: topicPrefix, COUNTING_ECHO: echo } = settings.parse(process.env);
  const counting = await new CountingService({ service, workerUrl, brokers, topicPrefix, role: part === 'relay' ? 'api' : 'worker', options: { consumer: { sessionMs: 6_000 } } }).open();
  counting.startRelay();
  if (part === 'consumer') await counting.consume(undefined, echo === 'yes');
  process.once('SIGTERM', () => void counting.close().then(() => process.exit(0)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
