import { type ReactNode, createContext, useContext, useEffect, useState } from 'react';
import { z } from 'zod';
import { ask } from '../api/ask';
import { useAnswer } from '../api/use-answer';

const clockAnswer = z.object({ now: z.iso.datetime(), offsetMs: z.number(), sandbox: z.boolean() });

export interface Now {
  /** Milliseconds since 1970 by the domain's clock. */
  readonly now: number;
  readonly offsetMs: number;
  readonly sandbox: boolean;
}
const Context = createContext<Now | null>(null);

/** "Now" comes from the gateway: the desk's own clock may be wrong, and in the sandbox time is moved. */
export function ClockProvider({ children }: { children: ReactNode }) {
  const { answer } = useAnswer('clock', async (signal) => ({ told: await ask('/api/clock', clockAnswer, { signal }), at: performance.now() }), 10_000);
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  const now = answer ? { now: Date.parse(answer.told.now) + (performance.now() - answer.at), offsetMs: answer.told.offsetMs, sandbox: answer.told.sandbox } : null;
  return <Context value={now}>{children}</Context>;
}

/** Null until the gateway has answered. */
export const useNow = (): Now | null => useContext(Context);
