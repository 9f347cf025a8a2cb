import { defineEvent } from '@slotmesh/contracts';
import { z } from 'zod';

/** The events that the tests and the proof count: `n` is 1, 2, 3 .. per key, so that loss, repetition and order can be told from the effect alone. */
export const Ticked = defineEvent('counting.tick.v1', 'ticked', 'A key went on by one.', z.object({ n: z.int().positive(), note: z.string().default('') }));
/** Published beside, with nobody to handle it: it must advance the inbox. */
export const Tocked = defineEvent('counting.tick.v1', 'tocked', 'Something that no handler takes.', z.object({ n: z.int().positive() }));
/** What the consumer publishes for each tick that it took. */
export const Echoed = defineEvent('counting.echo.v1', 'echoed', 'A tick was taken.', z.object({ n: z.int().positive() }));

export const countingTopics = [Ticked.topic, Echoed.topic];
