import { z } from 'zod';

/** Why a person goes past a rule, in words that somebody else can read later. */
export const writtenReason = z.string().trim().min(5, 'must say why in at least 5 characters').max(500);
