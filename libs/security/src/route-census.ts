import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import type { WorkDesk } from '@slotmesh/contracts';
import type { Permission } from './permissions';
import { PERMISSION, PUBLIC_ROUTE } from './permits';
import { SMART_SCOPE, type SmartScope } from './smart-scope';
import { WORKED_FOR } from './worked-for';

export interface RouteFacts {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
  readonly permission: Permission | null;
  readonly publicBecause: string | null;
  /** What a system client's token must hold; null where none is let in. */
  readonly scope: SmartScope | null;
  /** The list of which it is a part that partners' staff may work by agreement; null: it is their own practice's only. */
  readonly workedFor: WorkDesk | null;
}

/** Lists every route with what it demands, and refuses to start a service that has a route without a statement (P22). */
@Injectable()
export class RouteCensus implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService, private readonly scanner: MetadataScanner) {}

  onModuleInit(): void {
    const silent = this.routes().filter((route) => !route.permission && !route.publicBecause);
    if (silent.length > 0) throw new Error(`These routes state neither a permission (@Permits) nor why they are public (@PublicRoute): ${silent.map((route) => route.handler).join(', ')}`);
  }

  routes(): RouteFacts[] {
    return this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      if (typeof metatype !== 'function' || typeof instance !== 'object' || instance === null) return [];
      const prototype: object = Object.getPrototypeOf(instance);
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler: unknown = Reflect.get(prototype, name);
        if (typeof handler !== 'function') return [];
        const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
        if (method === undefined) return [];
        const meta = <T>(key: string): T | null => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, metatype) ?? null;
        return [{
          method: RequestMethod[method] ?? 'ALL',
          path: `/${[Reflect.getMetadata(PATH_METADATA, metatype), Reflect.getMetadata(PATH_METADATA, handler)].flat().map((part: unknown) => String(part ?? '').replace(/^\/+|\/+$/g, '')).filter(Boolean).join('/')}`,
          handler: `${metatype.name}.${name}`,
          permission: meta<Permission>(PERMISSION),
          publicBecause: meta<string>(PUBLIC_ROUTE),
          scope: meta<SmartScope>(SMART_SCOPE),
          workedFor: meta<WorkDesk>(WORKED_FOR),
        }];
      });
    });
  }
}
