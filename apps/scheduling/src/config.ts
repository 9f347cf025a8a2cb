import { databaseConfig, identityConfig, kafkaConfig, key32, serviceConfig } from '@slotmesh/platform';
import { z } from 'zod';

/** All that scheduling reads from its environment. */
export const schedulingConfig = serviceConfig.extend({
  ...databaseConfig.shape,
  ...kafkaConfig.shape,
  ...identityConfig.shape,
  /** Wraps the keys of the practices. */
  MASTER_KEY: key32,
  /** The network key of blind indexes. */
  INDEX_KEY: key32,
  /** Where systems of practices fetch their tokens (SMART Backend Services); default: where we fetch ours. */
  SMART_TOKEN_URL: z.url().optional(),
  /** How many lines a file of public openings has at most; more come in further files. */
  PUBLICATION_FILE_LINES: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
  /** How long a desk may keep an opening while it finishes the booking. */
  HOLD_MINUTES: z.coerce.number().int().min(1).max(60).default(5),
});
export type SchedulingConfig = z.output<typeof schedulingConfig>;
export const SCHEDULING_CONFIG = Symbol('SCHEDULING_CONFIG');

/** Where a system of a practice fetches its token. */
export const tokenUrlOf = ({ SMART_TOKEN_URL, OIDC_TOKEN_URL }: SchedulingConfig): string => SMART_TOKEN_URL ?? OIDC_TOKEN_URL;
