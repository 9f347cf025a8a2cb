import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permissions';

export const PERMISSION = 'slotmesh:permission';
export const PUBLIC_ROUTE = 'slotmesh:public-route';

/** States the permission that a route demands, also in the API document. Every route has this or PublicRoute, or the service does not start (P22). */
export const Permits = (permission: Permission): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PERMISSION, permission), ApiBearerAuth(), ApiExtension('x-permission', permission));

/** A route without a token; `why` says what protects it instead, such as a webhook's signature. */
export const PublicRoute = (why: string): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(PUBLIC_ROUTE, why), ApiExtension('x-public', why));
