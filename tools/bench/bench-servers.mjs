import { startTestServers } from '../launcher/test-servers.mjs';

/** A PostgreSQL and a Kafka for all figures of one run, started when first asked for. */
export class BenchServers {
  /** @type {ReturnType<typeof startTestServers> | undefined} */
  started;

  start() {
    this.started ??= startTestServers();
    return this.started;
  }

  async stop() {
    await (await this.started)?.stop();
  }
}
