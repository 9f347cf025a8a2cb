import { z } from 'zod';
import { quotaInputs } from './quota-inputs.schema';
import { quotaQuestion } from './quota-question.schema';

const withPractices = z.looseObject({ practices: z.unknown() });

/** Given inputs, or a question about what is known. Why the form is chosen by whether `practices` is there: a union takes what the other form says of them, that it knows no such field, for the lesser mistake. */
export const planBody = z.preprocess((body, { issues }) => {
  const isGiven = withPractices.safeParse(body).data?.practices !== undefined;
  const { error } = (isGiven ? quotaInputs : quotaQuestion).safeParse(body);
  if (error) issues.push({ code: 'invalid_union', errors: [error.issues], input: body });
  return body;
}, z.union([quotaInputs, quotaQuestion]));
