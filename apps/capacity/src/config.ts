import { databaseConfig, identityConfig, kafkaConfig, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

/** All that capacity reads from its environment. */
export const capacityConfig = serviceConfig.extend({
  PORT: z.coerce.number().int().default(8084),
  OPS_PORT: z.coerce.number().int().default(9084),
  ...databaseConfig.shape,
  ...kafkaConfig.shape,
  ...identityConfig.shape,
});
export type CapacityConfig = z.output<typeof capacityConfig>;
export const CAPACITY_CONFIG = Symbol('CAPACITY_CONFIG');
