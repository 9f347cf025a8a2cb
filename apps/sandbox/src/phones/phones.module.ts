import { Module } from '@nestjs/common';
import { TwilioModule } from '../twilio/twilio.module';
import { AnswerByText } from './answer-by-text';
import { PhoneRepository } from './phone.repository';
import { PhonesController } from './phones.controller';

@Module({ imports: [TwilioModule], controllers: [PhonesController], providers: [AnswerByText, PhoneRepository] })
export class PhonesModule {}
