import { bootstrapService } from '@slotmesh/platform';
import { AppModule } from './app.module';
import { readGatewayConfig } from './config';
import { gatewayOptions } from './gateway';

void bootstrapService(() => AppModule.forRoot(readGatewayConfig()), gatewayOptions);
