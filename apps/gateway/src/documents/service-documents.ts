import { Inject, Injectable } from '@nestjs/common';
import { InfrastructureError } from '@slotmesh/kernel';
import { GATEWAY_CONFIG, type GatewayConfig, ownAddress } from '../config';
import { routeTable } from '../routing/route-table';
import { type OpenApiDocument, openApiDocument } from './openapi-document';

const ASK_WITHIN_MS = 5_000;

/** The OpenAPI documents, as the running services give them. */
@Injectable()
export class ServiceDocuments {
  readonly services: readonly string[];
  private readonly upstreams: ReadonlyMap<string, string>;

  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig) {
    const routed = routeTable(config).filter((route) => route.prefix === `/api/${route.service}`).map((route) => [route.service, route.upstream] as const);
    this.upstreams = new Map([...routed, ['gateway', ownAddress(config)]]);
    this.services = [...this.upstreams.keys()];
  }

  /** Null for a service that there is none of. Throws InfrastructureError where it does not answer. */
  async of(service: string): Promise<OpenApiDocument | null> {
    const upstream = this.upstreams.get(service);
    if (upstream === undefined) return null;
    try {
      const response = await fetch(`${upstream}/api/${service}/v1/openapi.json`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
      return openApiDocument.parse(await response.json());
    } catch (error) {
      throw new InfrastructureError(`the ${service} service does not give its API document`, { cause: error });
    }
  }
}
