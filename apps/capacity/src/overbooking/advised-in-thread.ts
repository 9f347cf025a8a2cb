import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { answerFromThread } from '../threads/answer-from-thread';
import { OneAfterAnother } from '../threads/one-after-another';
import { advisedSession, type AdvisedSession, type SessionTask } from './domain/advised-session';

const MOST_SECONDS = 20;
/** A session of so many takes some milliseconds, less than a thread takes to begin; one of 40 takes fifty times as long. */
const FEW_SLOTS = 12;

/** Advice on a long session is computed in a thread, one after another, so that requests are answered meanwhile. */
@Injectable()
export class AdvisedInThread {
  private readonly threads = new OneAfterAnother();

  /** Throws ThreadTimedOut. */
  async of<Band extends string>(task: SessionTask<Band>): Promise<AdvisedSession<Band>> {
    if (task.session.slots <= FEW_SLOTS) return advisedSession(task);
    return this.threads.run(() => answerFromThread<AdvisedSession<Band>>(join(__dirname, 'overbooking-thread'), task, MOST_SECONDS));
  }
}
