import { z } from 'zod';
import { instantText, practiceId } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

export const WebhookSubscriptionDisabled = defineEvent(topics.webhookSubscription, 'disabled', "A practice's webhooks go out no more until it enables them: the receiver is gone or did not answer for days.", z.object({
  id: z.uuid(), practice: practiceId, reason: z.string(), at: instantText,
}));
