import { bootstrapService, loadConfig } from '@slotmesh/platform';
import { AppModule } from './app.module';
import { remindersConfig } from './config';

void bootstrapService(() => AppModule.forRoot(loadConfig(remindersConfig)));
