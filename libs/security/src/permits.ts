import { SetMetadata } from '@nestjs/common';
import type { Permission } from './permissions';

export const PERMISSION = 'slotmesh:permission';
export const PUBLIC_ROUTE = 'slotmesh:public-route';

/** States the permission that a route demands. Every route has this or PublicRoute, or the service does not start (P22). */
export const Permits = (permission: Permission): MethodDecorator & ClassDecorator => SetMetadata(PERMISSION, permission);

/** A route without a token; `why` says what protects it instead, such as a webhook's signature. */
export const PublicRoute = (why: string): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_ROUTE, why);
