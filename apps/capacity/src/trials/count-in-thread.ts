import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { answerFromThread } from '../threads/answer-from-thread';
import { OneAfterAnother } from '../threads/one-after-another';
import { type AnswerOrRefusal, answered } from '../threads/refusal';
import type { CountedFile, FileTask } from './domain/counted-file';

const MOST_SECONDS = 20;

/** Counts the visits of files in a thread, one file after another: a file of 4 MB takes about a second. */
@Injectable()
export class CountInThread {
  private readonly threads = new OneAfterAnother();

  /** Throws what `countedFile` does, as RefusedInThread; ThreadTimedOut. */
  async of({ file, mapping }: FileTask): Promise<CountedFile> {
    return answered(await this.threads.run(() => answerFromThread<AnswerOrRefusal<CountedFile>>(join(__dirname, 'trial-thread'), { file, mapping } satisfies FileTask, MOST_SECONDS)));
  }
}
