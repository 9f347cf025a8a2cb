import { Module } from '@nestjs/common';
import { RemoteSubjectDirectory, ServiceClient, ServiceTokens, SubjectDirectory } from '@slotmesh/security';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';
import { CurrentSession } from './current-session';
import { Provider } from './provider';
import { SessionCookies } from './session-cookies';
import { Sessions } from './sessions';
import { SignInController } from './sign-in.controller';

/** Practice and roles of a person live in scheduling; the gateway asks for them under its own name. */
const directory = {
  provide: SubjectDirectory,
  inject: [GATEWAY_CONFIG],
  useFactory: (config: GatewayConfig) => new RemoteSubjectDirectory(new ServiceClient(config.SCHEDULING_URL, new ServiceTokens(config))),
};

@Module({ controllers: [SignInController], providers: [Provider, Sessions, SessionCookies, CurrentSession, directory], exports: [CurrentSession, SessionCookies] })
export class SignInModule {}
