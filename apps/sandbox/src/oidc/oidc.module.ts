import { Module } from '@nestjs/common';
import { FaultsModule } from '../faults/faults.module';
import { OidcProvider } from './oidc-provider';
import { OidcStore } from './oidc-store';
import { SignInController } from './sign-in.controller';
import { SigningKeys } from './signing-keys';
import { SmartClientController } from './smart-client';

@Module({ imports: [FaultsModule], controllers: [SignInController, SmartClientController], providers: [OidcProvider, OidcStore, SigningKeys], exports: [OidcProvider] })
export class OidcModule {}
