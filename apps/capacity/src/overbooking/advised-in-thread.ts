import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { answerFromThread } from '../threads/answer-from-thread';
import { TakingTurns } from '../threads/taking-turns';
import { advisedSession, type AdvisedSession, type SessionTask } from './domain/advised-session';

const MOST_SECONDS = 20;
/** A session of so many takes some milliseconds, less than a thread takes to begin; one of 40 takes fifty times as long. */
const FEW_SLOTS = 12;

/** Advice on a long session is computed in a thread, by turns, so that requests are answered meanwhile. */
@Injectable()
export class AdvisedInThread {
  private readonly threads = new TakingTurns();

  /** Throws ThreadTimedOut, TooManyWaiting. */
  async of<Band extends string>(practice: string | null, task: SessionTask<Band>): Promise<AdvisedSession<Band>> {
    if (task.session.slots <= FEW_SLOTS) return advisedSession(task);
    return this.threads.run({ practice, seconds: MOST_SECONDS }, (left) => answerFromThread<AdvisedSession<Band>>(join(__dirname, 'overbooking-thread'), task, left, MOST_SECONDS));
  }
}
