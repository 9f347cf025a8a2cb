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

/**
 * What the patient asked that nothing goes to $2. Calls and texts may be about visits that another practice booked here: what its patient asked there counts as well, unless it is $2 itself. They are read as a worker, who sees those rows.
 * Who waits, and whom a time is offered, is the practice's own patient.
 */
const ASKED_HERE = 'patient_restricts(p.id, $2)';
const ASKED_ANYWHERE = `EXISTS (SELECT FROM patient q WHERE q.person_id = p.person_id AND q.practice_id <> $2 AND patient_restricts(q.id, $2))`;
const RESTRICTED: Readonly<Record<ListedKind, string>> = { 'waitlist-entry': ASKED_HERE, offer: ASKED_HERE, call: ASKED_ANYWHERE, reply: ASKED_ANYWHERE };

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
       JOIN patient p ON p.id = r.patient AND p.practice_id = $1 WHERE NOT ${RESTRICTED[kind]} RETURNING because_id AS id`,
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
