import { Injectable } from '@nestjs/common';
import { type PracticeId, localDateOf, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientVault } from '../patients/patient-vault';
import { PatientRepository, type PatientRow, sealedFactsOf } from '../patients/persistence/patient.repository';
import { type PageAction, pageActions, rightsOfRepresentative } from './domain/page-rights';
import { findRepresents } from './persistence/representative-rows';

const ALL: ReadonlySet<PageAction> = new Set(pageActions);

/** What the holder of a link may do, asked anew on every request: a link ends with what it rests on. */
@Injectable()
export class PageRights {
  constructor(private readonly patients: PatientRepository, private readonly vault: PatientVault) {}

  /** Null: nothing, because the patient was erased or has died, or the representative was removed, is out of time or may not see visits. */
  async of(tx: Tx, host: PracticeId, patient: PatientRow, representative: string | null): Promise<ReadonlySet<PageAction> | null> {
    if (patient.wrapped_key === null || patient.deceased) return null;
    if (representative === null) return ALL;
    const represents = await findRepresents(tx, patient.id, representative);
    if (represents === null) return null;
    const key = this.vault.patientKey(host, await this.patients.practiceKey(tx, host), patient.id, patient.wrapped_key);
    const { birthDate } = this.vault.open(key, patient.id, sealedFactsOf(patient));
    return rightsOfRepresentative(represents, birthDate, localDateOf(tx.now, parseZone(patient.zone)));
  }
}
