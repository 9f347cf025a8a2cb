import { Module } from '@nestjs/common';
import { AccessConsumer } from './access.consumer';
import { AccessRepository } from './persistence/access.repository';

@Module({ controllers: [AccessConsumer], providers: [AccessRepository] })
export class AccessModule {}
