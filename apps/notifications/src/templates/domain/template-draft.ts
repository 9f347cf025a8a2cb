import { language } from '@slotmesh/contracts';
import { z } from 'zod';
import { templateNames } from '../template-names';

export const templateChannel = z.enum(['sms', 'email']);
/** What a person writes. */
export const templateDraft = z.strictObject({
  name: z.enum(templateNames, `must be one of ${templateNames.join(', ')}`), language, channel: templateChannel,
  source: z.string().trim().min(1, 'must not be empty').max(10_000), subject: z.string().trim().min(1).max(500).nullable().default(null),
}).refine(({ channel, subject }) => (channel === 'email') === (subject !== null), { path: ['subject'], message: 'must stand with a mail, and only there' });
