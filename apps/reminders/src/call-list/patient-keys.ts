import { Injectable } from '@nestjs/common';
import type { PatientId } from '@slotmesh/kernel';
import { key32 } from '@slotmesh/platform';
import { ServiceClient } from '@slotmesh/security';
import { z } from 'zod';

const answer = z.object({ key: key32 });

/** A patient's data key, held by scheduling. Asked for outside transactions; null: erased (P24). */
@Injectable()
export class PatientKeys {
  constructor(private readonly scheduling: ServiceClient) {}

  async find(patient: PatientId): Promise<Buffer | null> {
    return (await this.scheduling.get(`/api/scheduling/v1/patient-keys/${patient}`, answer, { absent: [410] }))?.key ?? null;
  }
}
