import { Controller, Get, Inject } from '@nestjs/common';
import { PublicRoute, RouteCensus, joinedScope } from '@slotmesh/security';
import { SCHEDULING_CONFIG, type SchedulingConfig, tokenUrlOf } from '../config';
import { FHIR_ROOT } from './fhir-route';

@Controller(`${FHIR_ROOT}/.well-known`)
export class SmartConfigurationController {
  constructor(private readonly census: RouteCensus, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {}

  /**
   * How a system of a practice signs in (SMART Backend Services, https://hl7.org/fhir/smart-app-launch/backend-services.html): client credentials with an assertion that it signs by its own key
   * (RS384 or ES384), and the scopes that there are. A practice system needs to be known to the sign-in provider, with its public keys, and to the network, with its practice and role.
   */
  @Get('smart-configuration')
  @PublicRoute('clients read it before they sign in; it names no practice and no person')
  read() {
    const scopes = this.census.routes().flatMap(({ scope }) => scope ?? []);
    const types = [...new Set(scopes.map(({ type }) => type))].sort();
    return {
      issuer: this.config.OIDC_ISSUER, token_endpoint: tokenUrlOf(this.config), grant_types_supported: ['client_credentials'], token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'], code_challenge_methods_supported: ['S256'],
      scopes_supported: types.map((type) => joinedScope(type, scopes.filter((scope) => scope.type === type))), capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
    };
  }
}
