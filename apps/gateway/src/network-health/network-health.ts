import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';
import { routeTable } from '../routing/route-table';

export interface ServiceHealth {
  readonly service: string;
  readonly ready: boolean;
  /** What is missing, in words for an operator; names of checks only, never an address or an error text. */
  readonly detail: string;
}
export interface NetworkState {
  readonly ready: boolean;
  readonly services: readonly ServiceHealth[];
}

const readiness = z.object({ ready: z.boolean(), checks: z.record(z.string(), z.string()).default({}) });
const ASK_WITHIN_MS = 2_000;
const KEEP_MS = 500;

/** Asks every service whether it takes work. Many browsers may ask at once; the services are asked at most twice a second. */
@Injectable()
export class NetworkHealth {
  private readonly upstreams: ReadonlyMap<string, string>;
  private kept: { state: Promise<NetworkState>; until: number } | null = null;

  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig) {
    this.upstreams = new Map(routeTable(config).map((route) => [route.service, route.upstream]));
  }

  state(): Promise<NetworkState> {
    if (this.kept === null || this.kept.until < Date.now()) this.kept = { state: this.ask(), until: Date.now() + KEEP_MS };
    return this.kept.state;
  }

  private async ask(): Promise<NetworkState> {
    const services = await Promise.all([...this.upstreams].map(([service, upstream]) => this.askOne(service, upstream)));
    return { ready: services.every(({ ready }) => ready), services };
  }

  private async askOne(service: string, upstream: string): Promise<ServiceHealth> {
    try {
      const response = await fetch(`${upstream}/health/ready`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
      const { ready, checks } = readiness.parse(await response.json());
      const failing = Object.entries(checks).flatMap(([name, state]) => (state === 'ok' ? [] : [name]));
      return { service, ready, detail: ready ? 'ready' : failing.length > 0 ? `waits for: ${failing.join(', ')}` : 'starting' };
    } catch (error) {
      return { service, ready: false, detail: error instanceof Error && error.name === 'TimeoutError' ? 'does not answer in time' : 'does not answer' };
    }
  }
}
