import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import type { MemberState } from './domain/walk';

const idle = z.object({ idle: z.boolean(), activity: z.number(), nextDue: z.iso.datetime().nullable(), busy: z.array(z.string()).default([]) }).loose();
const acknowledged = z.object({ offsetMs: z.number() }).loose();

export class MemberSilent extends Error {
  constructor(
    readonly member: string,
    reason: string,
  ) {
    super(`${member} does not answer (${reason})`);
  }
}

/** All processes that share the domain clock, by the addresses of their ops ports. */
@Injectable()
export class ClockMembers {
  private readonly members: readonly string[];

  constructor(@Inject(SANDBOX_CONFIG) config: SandboxConfig) {
    this.members = config.CLOCK_MEMBERS;
  }

  /** Throws MemberSilent where one gives no usable answer. */
  idle(): Promise<MemberState[]> {
    return Promise.all(
      this.members.map(async (member) => {
        const state = idle.parse(await this.ask(member, '/idle', { method: 'GET' }));
        return { member, idle: state.idle, activity: state.activity, nextDue: state.nextDue === null ? null : Date.parse(state.nextDue), busy: state.busy };
      }),
    );
  }

  /** Tells all the offset and returns once all have taken it over. */
  async push(offsetMs: number): Promise<void> {
    await Promise.all(
      this.members.map(async (member) => {
        const answer = acknowledged.parse(await this.ask(member, '/clock', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ offsetMs }) }));
        if (answer.offsetMs < offsetMs) throw new MemberSilent(member, 'it kept an older clock');
      }),
    );
  }

  private async ask(member: string, path: string, init: RequestInit): Promise<unknown> {
    try {
      const response = await fetch(member + path, { ...init, signal: AbortSignal.timeout(10_000) });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return await response.json();
    } catch (error) {
      throw new MemberSilent(member, error instanceof Error ? error.message : 'failed');
    }
  }
}
