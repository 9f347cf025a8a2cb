import { Injectable } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import { MINUTE } from '@slotmesh/kernel';
import { key32 } from '@slotmesh/platform';
import { ServiceClient } from '@slotmesh/security';
import { z } from 'zod';

const answer = z.object({ key: key32 });
const KEEP_MS = 3 * MINUTE;
const KEEP_AT_MOST = 20_000;

/** Patients' data keys, kept by scheduling: asked for outside transactions and remembered for minutes of real time (P24). */
@Injectable()
export class PatientKeys {
  private readonly kept = new Map<string, { readonly key: Buffer; readonly until: number }>();

  constructor(private readonly scheduling: ServiceClient) {}

  /** Null: erased, to be handled as absent. Throws InfrastructureError where scheduling does not answer: the caller waits. */
  async find(patient: string): Promise<Buffer | null> {
    const known = this.kept.get(patient);
    if (known && known.until > Date.now()) return known.key;
    const found = await this.scheduling.get(`/api/scheduling/v1/patient-keys/${patientId.parse(patient)}`, answer, { absent: [410] });
    if (found === null) {
      this.kept.delete(patient);
      return null;
    }
    if (this.kept.size >= KEEP_AT_MOST) this.kept.clear();
    this.kept.set(patient, { key: found.key, until: Date.now() + KEEP_MS });
    return found.key;
  }

  /** A patient was erased: the key is forgotten at once. */
  forget(patient: string): void {
    this.kept.delete(patient);
  }
}
