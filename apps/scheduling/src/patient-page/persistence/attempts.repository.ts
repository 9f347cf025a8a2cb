import { Injectable } from '@nestjs/common';
import { type PatientId, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Attempts } from '../domain/attempts';

/** At whose door: the host's patient, for the patient or one representative. Not by visit: the birth date opens every one of them. */
export interface Door {
  readonly patient: PatientId;
  readonly audience: string;
  readonly host: PracticeId;
}

@Injectable()
export class AttemptsRepository {
  /** Kept until the end of the transaction: guesses at one door are looked at one after the other. */
  async lock(tx: Tx, door: Door): Promise<Attempts> {
    await tx.execute('INSERT INTO birth_date_attempt (patient_id, audience, practice_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [door.patient, door.audience, door.host]);
    const [row] = await tx.query<{ wrong: number; locked_until: Date | null }>('SELECT wrong, locked_until FROM birth_date_attempt WHERE patient_id = $1 AND audience = $2 FOR UPDATE', [door.patient, door.audience]);
    return { wrong: row?.wrong ?? 0, lockedUntil: row?.locked_until ? instantOfDate(row.locked_until) : null };
  }

  async write(tx: Tx, door: Door, attempts: Attempts): Promise<void> {
    await tx.execute('UPDATE birth_date_attempt SET wrong = $3, locked_until = $4 WHERE patient_id = $1 AND audience = $2', [door.patient, door.audience, attempts.wrong, attempts.lockedUntil === null ? null : toDate(attempts.lockedUntil)]);
  }
}
