import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { LocalDate } from '@slotmesh/kernel';
import { PatientVault } from '../../patients/patient-vault';
import { afterWrong, isLocked } from '../domain/attempts';
import { LinkedVisits, audienceOf } from '../linked-visits';
import { AttemptsRepository } from '../persistence/attempts.repository';

/** The patient's birth date opens the page. Wrong ones are counted and audited; while the door is locked, a right one is not looked at either. Throws LinkUnknown, LinkEnded. */
@Injectable()
export class OpenPage {
  constructor(private readonly visits: LinkedVisits, private readonly attempts: AttemptsRepository, private readonly vault: PatientVault) {}

  execute(token: string, birthDate: LocalDate): Promise<'opened' | 'wrong' | 'locked'> {
    const given = Buffer.from(this.vault.indexOf('birthDate', birthDate));
    return this.visits.run(token, async (tx, { appointment, patient, representative }) => {
      const door = { patient: patient.id, audience: audienceOf(representative), host: appointment.host };
      const record = (what: string): void => tx.audit.record({ action: `patient-page.${what}`, entity: 'appointment', entityId: appointment.id, patient: patient.id });
      const attempts = await this.attempts.lock(tx, door);
      if (isLocked(attempts, tx.now)) {
        record('locked');
        return 'locked';
      }
      const known = Buffer.from(patient.birth_date_index);
      if (known.length !== given.length || !timingSafeEqual(known, given)) {
        const after = afterWrong(attempts, tx.now);
        await this.attempts.write(tx, door, after);
        record('wrong-birth-date');
        return isLocked(after, tx.now) ? 'locked' : 'wrong';
      }
      await this.attempts.write(tx, door, { wrong: 0, lockedUntil: null });
      record('opened');
      return 'opened';
    });
  }
}
