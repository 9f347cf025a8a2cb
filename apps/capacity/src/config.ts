import { databaseConfig, identityConfig, kafkaConfig, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

/** All that capacity reads from its environment. */
export const capacityConfig = serviceConfig.extend({
  PORT: z.coerce.number().int().default(8084),
  OPS_PORT: z.coerce.number().int().default(9084),
  /** After so long a what-if ends without an answer; the longest that are usual take four minutes of a core. */
  WHAT_IF_MOST_SECONDS: z.coerce.number().int().min(1).default(900),
  ...databaseConfig.shape,
  ...kafkaConfig.shape,
  ...identityConfig.shape,
});
export type CapacityConfig = z.output<typeof capacityConfig>;
export const CAPACITY_CONFIG = Symbol('CAPACITY_CONFIG');
