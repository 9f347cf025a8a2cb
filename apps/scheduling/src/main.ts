import { bootstrapService, loadConfig } from '@slotmesh/platform';
import { AppModule } from './app.module';
import { schedulingConfig } from './config';

void bootstrapService(() => AppModule.forRoot(loadConfig(schedulingConfig)));
