import { type Instant, type PracticeId, formatInstant, newId } from '@slotmesh/kernel';
import type { Actor } from './actor';
import type { Statement } from './sql';

/** Reading or changing patient data, sharing rules or access. Details hold ids and codes, never a person's data. */
export interface AuditEntry {
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly patient?: string | null;
  /** Whose audit it stands in, where that is not the actor's own practice. Only workers may write it. */
  readonly practice?: PracticeId;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Audit rows of one transaction; written with it, chained within seconds by the sealer (P23). */
export class AuditBuffer {
  private readonly entries: AuditEntry[] = [];

  record(entry: AuditEntry): void {
    this.entries.push(entry);
  }

  /** For a savepoint that is rolled back: what did not happen leaves no entry. */
  mark(): number {
    return this.entries.length;
  }
  forgetSince(mark: number): void {
    this.entries.length = mark;
  }

  /** Empties the buffer into the statement that writes it, null where there is nothing. */
  take(actor: Actor, now: Instant): Statement | null {
    if (this.entries.length === 0) return null;
    const as = actor.deputy ? { workedFrom: actor.deputy.from, byAgreement: actor.deputy.agreement } : {};
    const rows = this.entries.map((entry) => ({ id: newId(), action: entry.action, entity: entry.entity, entity_id: entry.entityId, practice_id: entry.practice ?? null, patient_id: entry.patient ?? null, details: { ...entry.details, ...as } }));
    this.entries.length = 0;
    return {
      text: `INSERT INTO audit_entry (id, practice_id, actor_kind, actor_subject, action, entity, entity_id, patient_id, details, at)
         SELECT r.id, coalesce(r.practice_id, $1), $2, $3, r.action, r.entity, r.entity_id, r.patient_id, r.details, $4::timestamptz
         FROM jsonb_to_recordset($5::jsonb) AS r(id uuid, action text, entity text, entity_id text, practice_id text, patient_id text, details jsonb)`,
      values: [actor.practice, actor.kind, actor.subject, formatInstant(now), JSON.stringify(rows)],
    };
  }
}
