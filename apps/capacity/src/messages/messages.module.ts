import { Module } from '@nestjs/common';
import { MessageConsumer } from './message.consumer';
import { MessageRepository } from './persistence/message.repository';

@Module({ controllers: [MessageConsumer], providers: [MessageRepository] })
export class MessagesModule {}
