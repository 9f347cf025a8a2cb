import { z } from 'zod';

/** What a signed-in browser carries, sealed. Times are seconds since 1970 by real time: tokens never follow the movable clock. */
export const session = z.object({
  subject: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  accessToken: z.string(),
  accessTokenEnds: z.number(),
  refreshToken: z.string().nullable(),
  csrf: z.string(),
  ends: z.number(),
});
export type Session = z.output<typeof session>;

/** What is kept between leaving for the provider and coming back. */
export const pendingSignIn = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() });
export type PendingSignIn = z.output<typeof pendingSignIn>;
