import { Controller, Get, Inject } from '@nestjs/common';
import { PublicRoute, readScope } from '@slotmesh/security';
import type { JWK } from 'jose';
import { type ClientMetadata, type JWK as PublicJwk } from 'oidc-provider';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { LOCAL_STAND_IN } from '../local-stand-in';
import { SigningKeys } from './signing-keys';

/** Harbor's invented practice system, which comes by SMART Backend Services and proves itself by its own keys. */
export const SMART_CLIENT = 'harbor-ehr';

export const smartClient = (keys: readonly JWK[]): ClientMetadata => ({
  client_id: SMART_CLIENT, client_name: "Harbor's practice system", token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
  jwks: { keys: keys.map(publicPart) },
});

/** Of the scopes that it asks for, those of a system; the rest is left out, and its token says what it got. */
export const smartScopeOf = (asked: unknown): string => (typeof asked === 'string' ? asked.split(' ').filter((scope) => readScope(scope) !== null).join(' ') : '');

function publicPart({ kty, kid, alg, crv, x, y, n, e }: JWK): PublicJwk {
  if (kty === undefined || kid === undefined || alg === undefined) throw new Error('a key of the client says neither what it is nor how it signs');
  return { kty, kid, alg, use: 'sig', ...(crv === undefined ? {} : { crv }), ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }), ...(n === undefined ? {} : { n }), ...(e === undefined ? {} : { e }) };
}

@Controller('sandbox/smart-client')
@PublicRoute(LOCAL_STAND_IN)
export class SmartClientController {
  constructor(private readonly keys: SigningKeys, @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig) {}

  /** What one needs to play harbor's practice system: its name, its private keys (RS384 and ES384) and where it fetches tokens. */
  @Get()
  async read() {
    const { keys } = await this.keys.smartClientJwks();
    return { clientId: SMART_CLIENT, tokenUrl: `${this.config.PUBLIC_URL}/sandbox/oidc/token`, fhirUrl: `${this.config.PUBLIC_URL}/fhir/R4`, jwks: { keys } };
  }
}
