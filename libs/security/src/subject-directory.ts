import { practiceId } from '@slotmesh/contracts';
import { type PracticeId } from '@slotmesh/kernel';
import { z } from 'zod';
import { type Role, roles } from './permissions';
import type { ServiceClient } from './service-client';

export interface SubjectFacts {
  readonly practice: PracticeId | null;
  readonly roles: readonly Role[];
}

/** Subject -> practice and roles. Scheduling owns the answer (DESIGN section 2). */
export abstract class SubjectDirectory {
  abstract find(subject: string): Promise<SubjectFacts | null>;
}

export const subjectAnswer = z.object({ subject: z.string(), practice: practiceId.nullable(), roles: z.array(z.enum(roles)) });
const KEEP_MS = 30_000;
const KEEP_AT_MOST = 10_000;

/** Asks scheduling and keeps the answer for half a minute of real time, so a person who lost a role loses it soon. */
export class RemoteSubjectDirectory extends SubjectDirectory {
  private readonly kept = new Map<string, { facts: SubjectFacts | null; until: number }>();

  constructor(private readonly scheduling: ServiceClient) {
    super();
  }

  async find(subject: string): Promise<SubjectFacts | null> {
    const known = this.kept.get(subject);
    if (known && known.until > Date.now()) return known.facts;
    const answer = await this.scheduling.get(`/api/scheduling/v1/subjects/${encodeURIComponent(subject)}`, subjectAnswer, { absent: [404] });
    if (this.kept.size >= KEEP_AT_MOST) this.kept.clear();
    this.kept.set(subject, { facts: answer, until: Date.now() + KEEP_MS });
    return answer;
  }
}
