export * from './primitives';
export * from './topics';
export * from './events/define-event';
export * from './events/reference';
export * from './events/patient';
export * from './events/appointment';
export * from './events/messages';
export * from './events/registry';
