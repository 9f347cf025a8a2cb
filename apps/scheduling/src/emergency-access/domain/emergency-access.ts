import type { AgreementId, EmergencyAccessId, Instant, PatientId, PracticeId } from '@slotmesh/kernel';

export const USUAL_MINUTES = 60;
export const LONGEST_MINUTES = 240;

export interface EmergencyAccess {
  readonly id: EmergencyAccessId;
  readonly practice: PracticeId;
  readonly host: PracticeId;
  readonly agreement: AgreementId;
  /** The host's record. */
  readonly patient: PatientId;
  readonly by: string;
  readonly begunAt: Instant;
  readonly endsAt: Instant;
  /** When it was ended before its time, or was seen to be over; by whom: null where by itself. */
  readonly endedAt: Instant | null;
  readonly endedBy: string | null;
  readonly uses: number;
  readonly lastUsedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: string | null;
}

/** The instants decide, not whether anybody has looked since. */
export const runs = (access: EmergencyAccess, at: Instant): boolean => access.endedAt === null && access.begunAt <= at && at < access.endsAt;
