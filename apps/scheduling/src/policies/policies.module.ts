import { type DynamicModule, Global, Module } from '@nestjs/common';
import { PolicyFacts } from './policy-facts';

/** Everywhere, because search, booking, moves and offers all decide by the same policy. */
@Global()
@Module({})
export class PoliciesModule {
  static with(patients: DynamicModule): DynamicModule {
    return { module: PoliciesModule, imports: [patients], providers: [PolicyFacts], exports: [PolicyFacts] };
  }
}
