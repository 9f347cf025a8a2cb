import { type DynamicModule, Global, Injectable, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { EVENT_STRATEGY, Idleness, type KafkaConfig, Readiness, type ServiceConfig, WORKER_DATA_SOURCE } from '@slotmesh/platform';
import type { DataSource } from 'typeorm';
import { KafkaEventStrategy } from './kafka-event.strategy';
import { Messaging } from './messaging';
import { DiscardParkedEvent } from './parked-events/discard-parked-event';
import { FindParkedEvents } from './parked-events/find-parked-events';
import { ParkedKey } from './parked-events/parked-key';
import { parkedEventsController } from './parked-events/parked-events.controller';
import { ReplayParkedEvent } from './parked-events/replay-parked-event';
import { MESSAGING_SETTINGS, type MessagingOptions, type MessagingSettings, messagingSettings } from './settings';

@Injectable()
class MessagingLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly messaging: Messaging, readiness: Readiness, idleness: Idleness) {
    readiness.require('events', () => messaging.requireReady());
    idleness.observe('events', async () => ({ ...(await messaging.idle.state()), nextDue: null }));
  }

  /** The relay runs in every role, also where nothing is consumed. */
  onApplicationBootstrap(): void {
    this.messaging.startRelay();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.messaging.consumes) await this.messaging.stop();
  }
}

/**
 * Events for one service: `MessagingModule.forRoot('scheduling', config)` beside PlatformModule and DatabaseModule. Handlers are controllers with
 * @OnEvent; bootstrap finds the transport under EVENT_STRATEGY.
 */
@Global()
@Module({})
export class MessagingModule {
  static forRoot(service: string, config: KafkaConfig & Pick<ServiceConfig, 'ROLE'>, options: MessagingOptions = {}): DynamicModule {
    const settings = messagingSettings({ service, brokers: config.KAFKA_BROKERS, topicPrefix: config.KAFKA_TOPIC_PREFIX, role: config.ROLE }, options);
    return {
      module: MessagingModule,
      controllers: [parkedEventsController(service)],
      providers: [
        { provide: MESSAGING_SETTINGS, useValue: settings },
        {
          provide: Messaging,
          inject: [MESSAGING_SETTINGS, UnitOfWork, WORKER_DATA_SOURCE, Clock],
          useFactory: (own: MessagingSettings, work: UnitOfWork, worker: DataSource, clock: Clock) => new Messaging(own, work, worker, clock),
        },
        { provide: EVENT_STRATEGY, inject: [Messaging], useFactory: (messaging: Messaging) => new KafkaEventStrategy(messaging.handlers, messaging) },
        MessagingLifecycle, FindParkedEvents, ParkedKey, ReplayParkedEvent, DiscardParkedEvent,
      ],
      exports: [Messaging, EVENT_STRATEGY],
    };
  }
}
