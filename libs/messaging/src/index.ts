export { Messaging } from './messaging';
export { MessagingModule } from './messaging.module';
export { ConsumersStillRun } from './rebuild';
export { KafkaEventStrategy } from './kafka-event.strategy';
export { OnEvent, OnEventAcross, type ReceivedOneOf, isEvent } from './on-event';
export type { EventEnvelope, Received } from './received';
export { type MessagingOptions, type MessagingSettings, messagingSettings } from './settings';
