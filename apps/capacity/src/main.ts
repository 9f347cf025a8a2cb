import { bootstrapService, loadConfig } from '@slotmesh/platform';
import { AppModule } from './app.module';
import { capacityConfig } from './config';

void bootstrapService(() => AppModule.forRoot(loadConfig(capacityConfig)));
