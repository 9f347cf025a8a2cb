import { HOUR } from '@slotmesh/kernel';
import { z } from 'zod';

/** How a call went. After no answer somebody tries again; everything else ends it. */
export const callOutcome = z.enum(['reached', 'left-message', 'no-answer', 'wrong-number', 'not-needed']);
export type CallOutcome = z.output<typeof callOutcome>;

export const endsCall = (outcome: CallOutcome): boolean => outcome !== 'no-answer';

/** Who claimed a call and went home must not keep it: after this long another person may take it. */
export const CLAIM_LASTS_MS = HOUR / 2;
