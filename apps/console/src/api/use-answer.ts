import { useCallback, useEffect, useRef, useState } from 'react';
import { Refusal } from './ask';

export interface Asked<T> {
  /** The last answer; it stays while a newer one is asked for and when that fails. */
  readonly answer: T | null;
  readonly refusal: Refusal | null;
  readonly asking: boolean;
  readonly again: () => void;
}

/** Asks when `key` changes, then every `everyMs` while the page is seen. `key` null: do not ask. */
export function useAnswer<T>(key: string | null, question: (signal: AbortSignal) => Promise<T>, everyMs?: number): Asked<T> {
  const [state, setState] = useState<{ key: string | null; answer: T | null; refusal: Refusal | null; asking: boolean }>({ key: null, answer: null, refusal: null, asking: false });
  const [round, setRound] = useState(0);
  const latest = useRef(question);
  useEffect(() => {
    latest.current = question;
  });
  const again = useCallback(() => setRound((before) => before + 1), []);

  useEffect(() => {
    if (key === null) return;
    const leaving = new AbortController();
    setState((before) => ({ key, answer: before.key === key ? before.answer : null, refusal: before.key === key ? before.refusal : null, asking: true }));
    latest.current(leaving.signal).then(
      (answer) => !leaving.signal.aborted && setState({ key, answer, refusal: null, asking: false }),
      (error: unknown) => !leaving.signal.aborted && setState((before) => ({ ...before, refusal: refusalOf(error), asking: false })),
    );
    return () => leaving.abort();
  }, [key, round]);

  useEffect(() => {
    if (key === null || everyMs === undefined) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), everyMs);
    return () => clearInterval(timer);
  }, [key, everyMs, again]);

  const mine = key !== null && state.key === key;
  return { answer: mine ? state.answer : null, refusal: mine ? state.refusal : null, asking: key !== null && (!mine || state.asking), again };
}

const refusalOf = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal(0, 'unknown', 'Something went wrong in this page. Reload it, please.'));
