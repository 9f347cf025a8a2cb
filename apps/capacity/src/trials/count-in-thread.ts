import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { answerFromThread } from '../threads/answer-from-thread';
import { TakingTurns } from '../threads/taking-turns';
import { type AnswerOrRefusal, answered } from '../threads/refusal';
import type { CountedFile, FileTask } from './domain/counted-file';

const MOST_SECONDS = 20;

/** Counts the visits of files in a thread, one file at a time: a file of 4 MB takes about a second. */
@Injectable()
export class CountInThread {
  private readonly threads = new TakingTurns();

  /** Throws what `countedFile` does, as RefusedInThread; ThreadTimedOut, TooManyWaiting. */
  async of(practice: string | null, { file, mapping }: FileTask): Promise<CountedFile> {
    return answered(await this.threads.run({ practice, seconds: MOST_SECONDS }, (left) => answerFromThread<AnswerOrRefusal<CountedFile>>(join(__dirname, 'trial-thread'), { file, mapping } satisfies FileTask, left, MOST_SECONDS)));
  }
}
