import { databaseConfig, identityConfig, kafkaConfig, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

/** All that reminders reads from its environment. */
export const remindersConfig = serviceConfig.extend({
  PORT: z.coerce.number().int().default(8082),
  OPS_PORT: z.coerce.number().int().default(9082),
  ...databaseConfig.shape,
  ...kafkaConfig.shape,
  ...identityConfig.shape,
});
export type RemindersConfig = z.output<typeof remindersConfig>;
