import { Module } from '@nestjs/common';
import { ReferenceRepository } from './persistence/reference.repository';
import { ReferenceConsumer } from './reference.consumer';

@Module({ controllers: [ReferenceConsumer], providers: [ReferenceRepository], exports: [ReferenceRepository] })
export class ReferenceModule {}
