import { Module } from '@nestjs/common';
import { SignInModule } from '../sign-in/sign-in.module';
import { Proxy } from './proxy';

@Module({ imports: [SignInModule], providers: [Proxy], exports: [Proxy] })
export class RoutingModule {}
