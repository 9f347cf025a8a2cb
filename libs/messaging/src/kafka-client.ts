import { Logger } from '@nestjs/common';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import type { MessagingSettings } from './settings';

const logger = new Logger('kafka');

/** kafkajs speaks through our logger. Its errors of connection repeat by the second while a broker is away, so they are warnings here. */
export function createKafka(settings: Pick<MessagingSettings, 'service' | 'brokers'>, retry: KafkaConfig['retry']): Kafka {
  return new Kafka({
    clientId: settings.service,
    brokers: [...settings.brokers],
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    ...(retry ? { retry } : {}),
    logLevel: logLevel.WARN,
    logCreator: () => ({ level, namespace, log }) => {
      const text = `${namespace ? `${namespace}: ` : ''}${log.message}${typeof log.error === 'string' ? ` (${log.error})` : ''}`;
      if (level === logLevel.ERROR || level === logLevel.WARN) logger.warn(text);
      else logger.debug(text);
    },
  });
}
