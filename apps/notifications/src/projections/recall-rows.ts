import type { RecallSnapshot } from '@slotmesh/contracts';
import type { Tx } from '@slotmesh/persistence';

/** That a patient is due for something: owned by reminders. Only an open one is spoken of. */
export interface RecallState {
  readonly kind: 'recall';
  readonly id: string;
  readonly host: string;
  readonly patient: string;
  readonly revision: number;
  readonly open: boolean;
}

export const stateOfRecall = ({ id, practice, patient, revision, state }: RecallSnapshot): RecallState => ({ kind: 'recall', id, host: practice, patient, revision, open: state === 'open' });

/** Locks the row, whether it changes or not (P12). An older revision never overwrites a newer one, and one revision says one thing. */
export async function takeOverRecall(tx: Tx, { id, host, patient, revision, open }: RecallState): Promise<void> {
  await tx.execute(
    `INSERT INTO recall AS own (id, host, patient, revision, open) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET patient = excluded.patient, revision = excluded.revision, open = excluded.open WHERE own.revision < excluded.revision`,
    [id, host, patient, revision, open],
  );
}

/** Under the lock that taking over gave. */
export async function readRecalls(tx: Tx, ids: readonly string[]): Promise<{ id: string; revision: number; open: boolean }[]> {
  return ids.length === 0 ? [] : tx.query('SELECT id, revision, open FROM recall WHERE id = ANY ($1::uuid[])', [ids]);
}
