import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@slotmesh/kernel';
import type { FastifyRequest } from 'fastify';
import { type Caller, rememberCaller } from './caller';
import { type Permission, permissionsOf } from './permissions';
import { PERMISSION, PUBLIC_ROUTE } from './permits';
import { SubjectDirectory } from './subject-directory';
import { TokenVerifier } from './token-verifier';

/** Every HTTP route passes here: token -> subject -> practice and roles -> permission. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector, private readonly tokens: TokenVerifier, private readonly directory: SubjectDirectory) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<string | undefined>(PUBLIC_ROUTE, places)) return true;
    const needed = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, places);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.identify(request);
    if (!needed || !caller.permissions.has(needed)) {
      throw new DomainError('forbidden', 'permission-missing', `Your role does not permit this (needed: ${needed ?? 'a permission that the route does not state'}). Ask a manager of your practice.`);
    }
    rememberCaller(request, caller);
    return true;
  }

  private async identify(request: FastifyRequest): Promise<Caller> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new DomainError('unauthenticated', 'sign-in-required', 'Sign in first: send "Authorization: Bearer <token>".');
    const { subject, client, expiresAt } = await this.tokens.verify(token);
    if (subject === null) {
      return { actor: { kind: 'service', subject: `service:${client ?? 'unknown'}`, practice: null }, roles: ['service'], permissions: permissionsOf(['service']), expiresAt };
    }
    const facts = await this.directory.find(subject);
    if (!facts || facts.roles.length === 0) throw new DomainError('forbidden', 'subject-unknown', 'You are signed in, but no practice knows you. Ask your manager to add you.');
    return { actor: { kind: facts.practice ? 'staff' : 'operator', subject, practice: facts.practice }, roles: facts.roles, permissions: permissionsOf(facts.roles), expiresAt };
  }
}
