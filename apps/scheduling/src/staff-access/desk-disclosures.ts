import { Injectable } from '@nestjs/common';
import { type DomainError, type PatientId, newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Because } from '../disclosures/disclosure';

/** Entries of lists, as the log of disclosures names them. */
export type ListedKind = Extract<Because['kind'], 'waitlist-entry' | 'offer' | 'call' | 'reply'>;
export interface Listed {
  readonly id: string;
  readonly patient: PatientId;
}

/** What somebody of a partner who works a list sees of patients goes to that partner: it is logged, and what a patient restricts is not shown. All of it does nothing for the practice's own staff. */
@Injectable()
export class DeskDisclosures {
  /** The entries that may be shown, each logged. */
  async shown<T extends Listed>(tx: Tx, kind: ListedKind, entries: readonly T[]): Promise<readonly T[]> {
    const { practice, deputy } = tx.actor;
    if (!deputy || entries.length === 0) return entries;
    const rows = await tx.query<{ id: string }>(
      `INSERT INTO disclosure (id, practice_id, to_practice_id, patient_id, purpose, profile, agreement_id, at, because_kind, because_id)
       SELECT r.id, $1, $2, p.id, 'treatment', 'desk-work', $3, $4, $5, r.about FROM unnest($6::uuid[], $7::uuid[], $8::uuid[]) AS r(id, about, patient)
       JOIN patient p ON p.id = r.patient AND p.practice_id = $1 WHERE NOT patient_restricts(p.id, $2) RETURNING because_id AS id`,
      [practice, deputy.from, deputy.agreement, toDate(tx.now), kind, entries.map(() => newId()), entries.map(({ id }) => id), entries.map(({ patient }) => patient)]);
    const told = new Set(rows.map(({ id }) => id));
    return entries.filter(({ id }) => told.has(id));
  }

  /** Before a step on one entry. `look`: the entry, whoever's it is. Throws what `unknown` makes where it is not to be shown, as if it were not there. */
  async require(tx: Tx, kind: ListedKind, look: () => Promise<Listed | null>, unknown: () => DomainError): Promise<void> {
    if (!tx.actor.deputy) return;
    const entry = await look();
    if (entry === null || (await this.shown(tx, kind, [entry])).length === 0) throw unknown();
  }
}
