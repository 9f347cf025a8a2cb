import { useState } from 'react';
import { Refusal } from './ask';

export interface Acting {
  readonly refusal: Refusal | null;
  readonly sending: boolean;
  /** One change at a time; what was refused stays to be read until the next. */
  readonly act: (what: () => Promise<unknown>) => void;
}

/** For buttons that change something: `done` follows each change that was carried out. */
export function useAct(done: () => void): Acting {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [sending, setSending] = useState(false);
  const act = (what: () => Promise<unknown>): void => {
    setSending(true);
    setRefusal(null);
    what().then(done, (error: unknown) => setRefusal(error instanceof Refusal ? error : new Refusal(0, 'unknown', 'Something went wrong in this page. Reload it, please.'))).finally(() => setSending(false));
  };
  return { refusal, sending, act };
}
