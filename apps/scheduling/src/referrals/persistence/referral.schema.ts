import { instantText, practiceId } from '@slotmesh/contracts';
import { z } from 'zod';

const text = z.string().nullable();
/** The two columns that are JSON; what lies there is checked like anything that comes from outside. */
export const storedPlace = z.object({ name: z.string(), phone: text, fax: text, email: text, address: text }).nullable();
export const storedChoice = z.object({ shown: z.array(practiceId), chosen: practiceId.nullable(), at: instantText }).nullable();
