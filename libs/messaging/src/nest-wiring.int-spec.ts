import { Controller, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { UnitOfWork, eventOf, workerFor, type Tx } from '@slotmesh/persistence';
import { DatabaseModule, EVENT_STRATEGY, Idleness, PlatformModule, Readiness, databaseConfig, kafkaConfig, loadConfig, serviceConfig } from '@slotmesh/platform';
import { type TestDatabase, type TestTopics, eventually, freshDatabase, freshTopics } from '@slotmesh/testing';
import { KafkaEventStrategy } from './kafka-event.strategy';
import { MessagingModule } from './messaging.module';
import { OnEvent, isEvent } from './on-event';
import type { Received } from './received';
import { HOST } from './testing-processes/counting-service';
import { countingTables } from './testing-processes/counting-tables';
import { Echoed, Ticked, Tocked, countingTopics } from './testing-processes/ticks';

@Injectable()
class Seen {
  readonly order: string[] = [];
}

@Controller()
class TickConsumer {
  constructor(private readonly seen: Seen) {}

  @OnEvent(Ticked, Tocked)
  async handle(event: Received<typeof Ticked> | Received<typeof Tocked>, tx: Tx): Promise<void> {
    if (isEvent(event, Ticked)) this.seen.order.push(`first ${event.data.n} for ${tx.actor.practice} by ${event.host}`);
    await tx.query('SELECT 1');
  }
}

@Controller()
class SecondConsumer {
  private failures = 1;
  constructor(private readonly seen: Seen) {}

  @OnEvent(Ticked)
  async handle(event: Received<typeof Ticked>, tx: Tx): Promise<void> {
    if (event.data.n === 2 && this.failures-- > 0) throw new Error('not yet');
    this.seen.order.push(`second ${event.data.n}`);
    tx.outbox.add(eventOf(Echoed, { key: event.key, host: event.host }, { n: event.data.n }));
  }
}

describe('@OnEvent in a Nest application', () => {
  let database: TestDatabase;
  let topics: TestTopics;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    [database, topics] = await Promise.all([freshDatabase('counting', countingTables('counting')), freshTopics({ names: countingTopics })]);
    const config = loadConfig(serviceConfig.extend(databaseConfig.shape).extend(kafkaConfig.shape), {
      PUBLIC_URL: 'http://localhost', PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'silent', DATABASE_APP_URL: database.appUrl, DATABASE_WORKER_URL: database.workerUrl,
      KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix,
    });
    @Module({ imports: [PlatformModule.forRoot('counting', config), DatabaseModule.forRoot('counting', config), MessagingModule.forRoot('counting', config)], controllers: [TickConsumer, SecondConsumer], providers: [Seen] })
    class App {}
    app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false });
    app.connectMicroservice<MicroserviceOptions>({ strategy: app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
    await app.startAllMicroservices();
    await app.init();
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([database.drop(), topics.drop()]);
  });

  it('calls every handler of a type one after the other with event and transaction, and undoes all when one fails', async () => {
    expect(app.get(EVENT_STRATEGY, { strict: false })).toBeInstanceOf(KafkaEventStrategy);
    const work = app.get(UnitOfWork);
    for (const n of [1, 2]) {
      await work.run(workerFor('counting', HOST), async (tx) => tx.outbox.add(eventOf(Ticked, { key: 'a', host: HOST }, { n })));
      // Why one by one: records of a key that come in one batch are one transaction, and the second would undo the first as well.
      await eventually(`${n} was taken`, () => app.get(Seen).order.includes(`second ${n}`));
    }
    expect(app.get(Seen).order).toEqual(['first 1 for harbor by harbor', 'second 1', 'first 2 for harbor by harbor', 'first 2 for harbor by harbor', 'second 2']);
    expect((await app.get(Readiness).state()).checks['events']).toBe('ok');
    await eventually('idle', async () => (await app.get(Idleness).state()).idle);
  });
});
