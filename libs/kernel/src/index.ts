export * from './brand';
export * from './ids';
export * from './instant';
export * from './wall-time';
export * from './quiet-hours';
export * from './time-range';
export * from './clock';
export * from './domain-error';
