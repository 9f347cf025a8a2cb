import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { ForgetOldQuestions } from './forget-old-questions';

/** The clock does not wait for it: nobody reads what is so old. */
@Injectable()
export class ForgetOldQuestionsWorker extends Sweeper {
  constructor(tools: SweepTools, forget: ForgetOldQuestions) {
    super(tools, { name: 'forget-old-questions', pollMs: 5_000, work: () => forget.execute() });
  }
}
