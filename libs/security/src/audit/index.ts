export { type ChainHead, sealAuditRows } from './audit-chain';
export * from './audit-sealer';
export * from './audit.module';
export * from './refused-attempts';
export * from './verify-audit-chain';
