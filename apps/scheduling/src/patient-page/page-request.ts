import { language } from '@slotmesh/contracts';
import { z } from 'zod';

/** Why every route of the page is public. */
export const SIGNED = 'the signed link is the key; details and changes need the birth date, a cookie of this link and its form token as well';
export const FORM = 'application/x-www-form-urlencoded';

export const linkToken = z.string().max(200);
/** In which language the page is asked for; else it is the patient's. Mail programs and trackers append fields to links: these are left aside. */
export const shown = z.looseObject({ lang: language.optional().catch(undefined) });
export type Shown = z.output<typeof shown>;
/** What every form of the page carries. */
export const plainForm = z.object({ form: z.string().max(100).default('') });
