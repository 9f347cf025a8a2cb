import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { authenticate, notFound } from './domain/twilio-errors';

const params = z.object({ account: z.string() });

/** HTTP Basic with the account's SID and auth token, and only for the account's own resources. */
@Injectable()
export class BasicAuthGuard implements CanActivate {
  constructor(@Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const expected = `Basic ${Buffer.from(`${this.config.TWILIO_ACCOUNT_SID}:${this.config.TWILIO_AUTH_TOKEN}`).toString('base64')}`;
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), digest(expected))) throw authenticate();
    if (params.parse(request.params).account !== this.config.TWILIO_ACCOUNT_SID) throw notFound(request.url.split('?')[0] ?? '');
    return true;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
