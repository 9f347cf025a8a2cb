import { type CanActivate, type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type WorkDesk, practiceId } from '@slotmesh/contracts';
import { DomainError } from '@slotmesh/kernel';
import type { FastifyRequest } from 'fastify';
import { RefusalAudit } from './audit/refused-attempts';
import { type Caller, rememberCaller } from './caller';
import { DeputyDirectory } from './deputy-directory';
import { type Permission, permissionsOf } from './permissions';
import { PERMISSION, PUBLIC_ROUTE } from './permits';
import { ClientUnknown, OnlyFhirForClients, SMART_SCOPE, ScopeMissing, type SmartScope, grants } from './smart-scope';
import { SubjectDirectory } from './subject-directory';
import { TokenVerifier, type VerifiedToken } from './token-verifier';
import { FOR_HEADER, NotNamedForThis, NotWorkedForOthers, WORKED_FOR } from './worked-for';

export const SERVICE_CLIENT_IDS = Symbol('SERVICE_CLIENT_IDS');
/** How the directory calls a system client; no person may be called so. */
const CLIENT = 'client:';

/** Every HTTP route passes here: token -> subject -> practice and roles -> permission. A system client (SMART Backend Services) needs the route's scope as well, and is let in where there is one. A person who names another practice in `Slotmesh-For` passes as one who works for it, where route and agreement say so. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector, private readonly tokens: TokenVerifier, private readonly directory: SubjectDirectory, @Inject(SERVICE_CLIENT_IDS) private readonly services: ReadonlySet<string>,
    private readonly deputies: DeputyDirectory,
    /** Absent where a service keeps no audit. */
    @Optional() @Inject(RefusalAudit) private readonly refusals: RefusalAudit | null = null,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<string | undefined>(PUBLIC_ROUTE, places)) return true;
    const needed = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, places);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.identify(request, this.reflector.getAllAndOverride<SmartScope | undefined>(SMART_SCOPE, places) ?? null);
    if (!needed || !caller.permissions.has(needed)) {
      await this.refusals?.note(caller.actor, request, 'permission-missing');
      throw new DomainError('forbidden', 'permission-missing', `Your role does not permit this (needed: ${needed ?? 'a permission that the route does not state'}). Ask a manager of your practice.`);
    }
    const named = request.headers[FOR_HEADER];
    rememberCaller(request, named === undefined ? caller : await this.deputyOf(caller, request, needed, this.reflector.getAllAndOverride<WorkDesk | undefined>(WORKED_FOR, places), String(named)));
    return true;
  }

  /** The caller as somebody who works a list of `named`, with nothing but what the route needs. What is refused is in the caller's audit, and in that of `named` where it is a partner. */
  private async deputyOf({ actor, expiresAt }: Caller, request: FastifyRequest, permission: Permission, desk: WorkDesk | undefined, named: string): Promise<Caller> {
    const practice = practiceId.safeParse(named).data;
    const from = actor.practice;
    // Why so narrow: a system and an operator are named in no agreement, and what is sent twice or for oneself is a mistake that must not pass as something else.
    if (desk === undefined || practice === undefined || from === null || practice === from || actor.kind !== 'staff' || actor.subject.startsWith(CLIENT)) {
      await this.refusals?.note(actor, request, 'not-worked-for', practice === undefined ? {} : { for: practice });
      throw new NotWorkedForOthers();
    }
    const answer = await this.deputies.find({ subject: actor.subject, from, practice, desk, permission });
    if (answer.allowed) return { actor: { ...actor, practice, deputy: { from, agreement: answer.agreement } }, roles: [], permissions: new Set([permission]), expiresAt };
    const why = { for: practice, desk, reason: answer.reason };
    await this.refusals?.note(actor, request, 'not-named-for-desk', why);
    // Why as a worker: the row stands in another practice's audit.
    if (answer.partner) await this.refusals?.note({ ...actor, kind: 'worker', practice }, request, 'not-named-for-desk', { ...why, workedFrom: from });
    throw new NotNamedForThis(practice, desk, answer.reason);
  }

  private async identify(request: FastifyRequest, scope: SmartScope | null): Promise<Caller> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new DomainError('unauthenticated', 'sign-in-required', 'Sign in first: send "Authorization: Bearer <token>".');
    const verified = await this.tokens.verify(token);
    const { subject, client, expiresAt } = verified;
    if (subject === null) {
      // Why by name: a client of another house that the same provider knows must not pass as one of our own services.
      if (client === null || !this.services.has(client)) return this.systemClient(verified, scope);
      return { actor: { kind: 'service', subject: `service:${client}`, practice: null }, roles: ['service'], permissions: permissionsOf(['service']), expiresAt };
    }
    const facts = subject.startsWith(CLIENT) ? null : await this.directory.find(subject);
    if (!facts || facts.roles.length === 0) throw new DomainError('forbidden', 'subject-unknown', 'You are signed in, but no practice knows you. Ask your manager to add you.');
    return { actor: { kind: facts.practice ? 'staff' : 'operator', subject, practice: facts.practice }, roles: facts.roles, permissions: permissionsOf(facts.roles), expiresAt };
  }

  /** Acts for the practice that knows it, within its scopes and the roles that the practice gave it. */
  private async systemClient({ client, scopes, expiresAt }: VerifiedToken, needed: SmartScope | null): Promise<Caller> {
    if (needed === null) throw new OnlyFhirForClients();
    if (!grants(scopes, needed)) throw new ScopeMissing(needed);
    const subject = `${CLIENT}${client ?? ''}`;
    const facts = await this.directory.find(subject);
    if (!facts || facts.practice === null || facts.roles.length === 0) throw new ClientUnknown();
    return { actor: { kind: 'staff', subject, practice: facts.practice }, roles: facts.roles, permissions: permissionsOf(facts.roles), expiresAt };
  }
}
