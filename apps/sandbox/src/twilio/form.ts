import { z } from 'zod';
import type { Form } from './domain/create-request';
import { TwilioError } from './domain/twilio-errors';

const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** The fields of a form-encoded body; an empty body has none. Another body is refused, as Twilio does. */
export function readForm(body: unknown): Form {
  const read = form.safeParse(body ?? {});
  if (!read.success) throw new TwilioError(20001, 'The body must be application/x-www-form-urlencoded.', 415);
  return read.data;
}
