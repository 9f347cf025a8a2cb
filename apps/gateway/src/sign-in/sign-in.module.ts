import { Module } from '@nestjs/common';
import { CurrentSession } from './current-session';
import { Provider } from './provider';
import { SessionCookies } from './session-cookies';
import { Sessions } from './sessions';
import { SignInController } from './sign-in.controller';

@Module({ controllers: [SignInController], providers: [Provider, Sessions, SessionCookies, CurrentSession], exports: [CurrentSession, SessionCookies] })
export class SignInModule {}
