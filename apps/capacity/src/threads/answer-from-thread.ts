import { DomainError } from '@slotmesh/kernel';
import { workInThread } from './work-in-thread';

export class ThreadTimedOut extends DomainError {
  constructor(seconds: number) {
    super('unavailable', 'took-too-long', `There was no answer within ${seconds} seconds. Nothing was changed. Please try again later, or ask for less at one time.`);
  }
}

/** The one message of a thread, which ends with it. Rejects with ThreadTimedOut after so many seconds (`of` those that were promised, where it had to wait for its turn), and where the thread fails or says nothing. */
export function answerFromThread<Answer>(file: string, data: unknown, seconds: number, of = seconds): Promise<Answer> {
  const ending = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => ending.abort(new ThreadTimedOut(of)), seconds * 1000);
    workInThread<Answer>({ file, data, signal: ending.signal, onMessage: (answer) => { resolve(answer); ending.abort(); } })
      .then(() => reject(new Error('the thread ended without an answer')), reject)
      .finally(() => clearTimeout(timer));
  });
}
