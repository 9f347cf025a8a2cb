import { Controller, Delete, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import type { PatientId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import type { Page } from '../shared/page';
import { PatientVault } from './patient-vault';
import { type Representative, Representatives, representativeBody } from './representatives';

const representativeId = z.uuid();

@Controller('api/scheduling/v1/patients/:patient/representatives')
export class RepresentativesController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly vault: PatientVault, private readonly representatives: Representatives) {}

  /** Who may see or do what for the patient. A patient has few: one page holds all. */
  @Get()
  @Permits('patients:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId): Promise<Page<Representative>> {
    return { items: await this.work.run(caller.actor, (tx) => this.representatives.of(tx, caller.practice, patient)), nextCursor: null };
  }

  /** Adds a parent, guardian or carer, and what they may do for the patient. The answer holds the id only. */
  @Post()
  @HttpCode(201)
  @Permits('patients:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId, @ZodBody(representativeBody) body: z.output<typeof representativeBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const request = ['representative', patient, this.vault.fingerprintOf(body)];
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, request, 201, (tx) => this.representatives.add(tx, caller.practice, patient, body)));
  }

  /** Removes a representative. 404: this patient has none with this id. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('patients:write')
  async remove(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId, @ZodParam('id', representativeId) id: string): Promise<void> {
    await this.work.run(caller.actor, (tx) => this.representatives.remove(tx, caller.practice, patient, id));
  }
}
