import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CAPACITY_CONFIG, type CapacityConfig } from './config';

@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: CapacityConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: CAPACITY_CONFIG, useValue: config }], exports: [CAPACITY_CONFIG] };
  }
}
