import { type ReactNode, createContext, useCallback, useContext, useMemo } from 'react';
import { z } from 'zod';
import { Refusal, ask } from '../api/ask';
import { useAnswer } from '../api/use-answer';

const sessionAnswer = z.discriminatedUnion('signedIn', [
  z.object({ signedIn: z.literal(false) }),
  z.object({ signedIn: z.literal(true), subject: z.string(), name: z.string().nullable(), email: z.string().nullable(), ends: z.iso.datetime(), practice: z.string().nullable(), roles: z.array(z.string()).nullable(), permissions: z.array(z.string()).nullable() }),
]);
export type Session = z.output<typeof sessionAnswer>;

/** What is not permitted, or not known to be, is not shown; the services decide in any case. */
export const permits = (session: Session | null, permission: string): boolean => session?.signedIn === true && session.permissions?.includes(permission) === true;

interface SessionState {
  /** Null while it is not known yet. */
  readonly session: Session | null;
  readonly refusal: Refusal | null;
  readonly again: () => void;
  readonly signOut: () => Promise<void>;
}
const Context = createContext<SessionState | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const { answer, refusal, again } = useAnswer('session', (signal) => ask('/auth/session', sessionAnswer, { signal }), 60_000);
  const signOut = useCallback(async () => {
    const { location } = await ask('/auth/logout', z.object({ location: z.string() }), { method: 'POST' });
    window.location.assign(location);
  }, []);
  const state = useMemo(() => ({ session: answer, refusal, again, signOut }), [answer, refusal, again, signOut]);
  return <Context value={state}>{children}</Context>;
}

export function useSession(): SessionState {
  const state = useContext(Context);
  if (!state) throw new Error('useSession outside of SessionProvider');
  return state;
}

/** Leads back to the page that one is on. */
export const signInPath = (path: string): string => `/auth/login?returnTo=${encodeURIComponent(path)}`;
