import type { PracticeId } from '@slotmesh/kernel';

/**
 * Who acts. `practice` is the tenant that row-level security sees; without one nothing of any tenant is visible (P21).
 * `worker` is a consumer or a timer acting for the host of an event and runs under the worker role.
 */
export interface Actor {
  readonly kind: 'staff' | 'patient' | 'service' | 'operator' | 'worker';
  readonly subject: string;
  readonly practice: PracticeId | null;
}

export const workerFor = (name: string, practice: PracticeId | null): Actor => ({ kind: 'worker', subject: `worker:${name}`, practice });
