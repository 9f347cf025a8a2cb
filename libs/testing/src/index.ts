export * from './eventually';
export * from './identity-stand-in';
export * from './kafka';
export * from './neighbour-events';
export * from './postgres';
export * from './test-servers';
export * from './issuer';
export { type PermissionWorld, breachesOf } from './permission-matrix';
