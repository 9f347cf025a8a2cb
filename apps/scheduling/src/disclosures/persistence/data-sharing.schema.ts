import { localDate } from '@slotmesh/contracts';
import { z } from 'zod';
import { profiles, purposes } from '../domain/data-sharing';

/** What of patients may go between the parties, for what purpose; nothing else may. */
export const dataSharingTerms = z.array(z.strictObject({
  purpose: z.enum(purposes),
  profile: z.enum(profiles),
  /** The last date (UTC) on which it may; null: as long as the agreement is in force. */
  until: localDate.nullable().default(null),
})).max(24);
