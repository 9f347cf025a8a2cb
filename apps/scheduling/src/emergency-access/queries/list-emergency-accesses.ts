import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientVault } from '../../patients/patient-vault';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { placeOf } from '../commands/begin-emergency-access';
import { runs } from '../domain/emergency-access';
import { EmergencyAccessRepository, type ListPlace, type SealedAccess } from '../persistence/emergency-access.repository';

export interface AccessView {
  readonly id: string; readonly practice: PracticeId; readonly host: PracticeId;
  /** The host's record; shown to the host alone. */
  readonly patient: string | null;
  readonly by: string; readonly reason: string; readonly begunAt: string; readonly endsAt: string; readonly runs: boolean; readonly endedAt: string | null; readonly endedBy: string | null; readonly uses: number; readonly lastUsedAt: string | null;
  /** One's own practice has yet to acknowledge it. */
  readonly waitsForYou: boolean;
  /** `text`: shown to the host alone. */
  readonly acknowledged: { readonly by: string; readonly at: string; readonly text: string | null } | null;
}

/** Accesses to patients of the practice, and those that its people had; each that is shown leaves an audit row (P23). */
@Injectable()
export class ListEmergencyAccesses {
  constructor(private readonly accesses: EmergencyAccessRepository, private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /** One more than `limit`, where there are more. */
  async execute(tx: Tx, reader: PracticeId, after: ListPlace | null, limit: number): Promise<{ readonly place: string; readonly view: AccessView }[]> {
    const found = await this.accesses.list(tx, reader, after, limit + 1);
    const key = await this.patients.practiceKey(tx, reader);
    for (const access of found.slice(0, limit)) tx.audit.record({ action: 'emergency-access.read', entity: 'emergency-access', entityId: access.id, patient: access.patient });
    return found.map((access) => ({ place: `${access.waits ? 1 : 0} ${formatInstant(access.begunAt)} ${access.id}`, view: this.viewOf(access, reader, key, tx.now) }));
  }

  private viewOf(access: SealedAccess, reader: PracticeId, key: string, now: Instant): AccessView {
    const hosts = access.host === reader;
    const open = (what: 'reason' | 'acknowledgement', sealed: string): string => this.vault.openForPractice(reader, key, placeOf(access.id, what), sealed);
    const { acknowledgedAt, acknowledgedBy, acknowledgement } = access;
    return {
      id: access.id, practice: access.practice, host: access.host, patient: hosts ? access.patient : null, by: access.by, reason: open('reason', hosts ? access.reasonForHost : access.reasonForPractice), begunAt: formatInstant(access.begunAt), endsAt: formatInstant(access.endsAt),
      runs: runs(access, now), endedAt: text(access.endedAt ?? (access.endsAt <= now ? access.endsAt : null)), endedBy: access.endedBy, uses: access.uses, lastUsedAt: text(access.lastUsedAt), waitsForYou: access.waits,
      acknowledged: acknowledgedAt === null || acknowledgedBy === null ? null : { by: acknowledgedBy, at: formatInstant(acknowledgedAt), text: hosts && acknowledgement !== null ? open('acknowledgement', acknowledgement) : null },
    };
  }
}

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
