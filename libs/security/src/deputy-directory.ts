import { type WorkDesk, agreementId, practiceId, workDesk } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { z } from 'zod';
import { type Permission, permissions } from './permissions';
import type { ServiceClient } from './service-client';

/** Whether a person of `from` may do on a list of `practice` what takes this permission. */
export interface DeputyQuestion {
  readonly subject: string;
  readonly from: PracticeId;
  readonly practice: PracticeId;
  readonly desk: WorkDesk;
  readonly permission: Permission;
}
export const deputyQuestion = z.strictObject({ subject: z.string().min(1).max(255), from: practiceId, practice: practiceId, desk: workDesk, permission: z.enum(permissions) });
/** `partner`: an agreement names both practices, now or once, so that the other one should know of the attempt. */
export const deputyAnswer = z.discriminatedUnion('allowed', [z.object({ allowed: z.literal(true), agreement: agreementId }), z.object({ allowed: z.literal(false), reason: z.string(), partner: z.boolean() })]);
export type DeputyAnswer = z.output<typeof deputyAnswer>;

/** Who may work for whom. Scheduling, which has the agreements, the papers, the exits and the staff, owns the answer. */
export abstract class DeputyDirectory {
  abstract find(question: DeputyQuestion): Promise<DeputyAnswer>;
}

/** Asks scheduling each time and keeps nothing: what ends, ends with the next request. No answer is no permission. */
export class RemoteDeputyDirectory extends DeputyDirectory {
  constructor(private readonly scheduling: ServiceClient) {
    super();
  }

  find(question: DeputyQuestion): Promise<DeputyAnswer> {
    return this.scheduling.post('/api/scheduling/v1/desk-work/questions', question, deputyAnswer);
  }
}
