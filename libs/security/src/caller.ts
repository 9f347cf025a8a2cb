import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { Actor } from '@slotmesh/persistence';
import type { FastifyRequest } from 'fastify';
import type { Permission, Role } from './permissions';

/** Who calls, after token and directory were asked. */
export interface Caller {
  readonly actor: Actor;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** When the token ends, in real epoch milliseconds: an answer that stays open must not outlive it. */
  readonly expiresAt: number | null;
}

/** Staff of a practice: most routes act for the caller's own practice. */
export interface StaffCaller extends Caller {
  readonly practice: PracticeId;
}

const callers = new WeakMap<FastifyRequest, Caller>();
export const rememberCaller = (request: FastifyRequest, caller: Caller): void => void callers.set(request, caller);

export const callerOf = (request: FastifyRequest): Caller | undefined => callers.get(request);

/** The caller of this request. Only on routes that state a permission. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new DomainError('unauthenticated', 'sign-in-required', 'Sign in first: this request bears no token.');
  return caller;
});

/** The caller as staff of a practice; refuses operators and services, who belong to none. */
export const CurrentStaff = createParamDecorator((_: unknown, context: ExecutionContext): StaffCaller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  const practice = caller?.actor.practice;
  if (!caller || !practice) throw new DomainError('forbidden', 'no-practice', 'This is done by the staff of a practice. Sign in as a person of that practice.');
  return { ...caller, practice };
});
