import { bootstrapService } from '@slotmesh/platform';
import { AppModule } from './app.module';
import { loadSandboxConfig } from './config';
import { mountOidc } from './oidc/mount-oidc';

void bootstrapService(() => AppModule.forRoot(loadSandboxConfig()), { prepare: mountOidc });
