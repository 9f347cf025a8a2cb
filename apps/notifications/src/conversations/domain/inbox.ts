import { DAY } from '@slotmesh/kernel';

/** What became of a text that a person should read. */
export const INBOX_EFFECTS = ['inbox', 'inbox-auto-reply', 'no-visit', 'opted-out-and-desk-task', 'opted-out-and-desk-reads', 'wrong-number'] as const;
/** For so long a text of the desk answers what the patient wrote. */
export const ANSWER_WITHIN = DAY;
/** Of a text that somebody types. */
export const MOST_SEGMENTS = 3;
