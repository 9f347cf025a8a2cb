import { bootstrapService, loadConfig } from '@slotmesh/platform';
import { AppModule } from './app.module';
import { notificationsConfig } from './config';

void bootstrapService(() => AppModule.forRoot(loadConfig(notificationsConfig)));
