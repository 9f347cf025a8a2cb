import type { AgreementId, PracticeId } from '@slotmesh/kernel';

/** Where a person belongs who works for another practice, and by which agreement they do. */
export interface Deputy {
  readonly from: PracticeId;
  readonly agreement: AgreementId;
}

/**
 * Who acts. `practice` is the tenant that row-level security sees; without one nothing of any tenant is visible (P21).
 * `worker` is a consumer or a timer acting for the host of an event and runs under the worker role.
 */
export interface Actor {
  readonly kind: 'staff' | 'patient' | 'service' | 'operator' | 'worker';
  readonly subject: string;
  readonly practice: PracticeId | null;
  /** Absent: acts for the own practice. Else `practice` is the other one, and each audit row says from where and by which agreement. */
  readonly deputy?: Deputy | undefined;
}

export const workerFor = (name: string, practice: PracticeId | null): Actor => ({ kind: 'worker', subject: `worker:${name}`, practice });

/** The same person, under the worker role: for a step that reaches rows of the whole network, such as a phone's opt-out, after what the person may see was looked at under row-level security. The audit names the person. */
export const onBehalfOf = (actor: Actor): Actor => ({ ...actor, kind: 'worker' });
