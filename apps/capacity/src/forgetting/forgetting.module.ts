import { Module } from '@nestjs/common';
import { ForgetOldQuestions } from './forget-old-questions';
import { ForgetOldQuestionsWorker } from './forget-old-questions.worker';

@Module({ providers: [ForgetOldQuestions, ForgetOldQuestionsWorker] })
export class ForgettingModule {}
