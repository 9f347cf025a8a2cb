import { Controller, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import type { PatientId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { sendAnswer } from '../http/send';
import { asRead } from '../shared/as-read';
import { type Page, type PageQuery, pageQuery } from '../shared/page';
import { etagOf } from '../shared/version-check';
import { RegisterPatient } from './commands/register-patient';
import { UpdatePatient } from './commands/update-patient';
import { PatientVault } from './patient-vault';
import { patientBody, patientChange, patientSearch, registrationOf } from './patient.body';
import type { PatientView } from './patient.view';
import { ReadPatients } from './queries/read-patients';

@Controller('api/scheduling/v1/patients')
export class PatientsController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly vault: PatientVault, private readonly register: RegisterPatient, private readonly update: UpdatePatient, private readonly read: ReadPatients) {}

  /** Registers a patient of one's own practice. 409: registered already, or the record number is taken. The answer holds ids only. */
  @Post()
  @HttpCode(201)
  @Permits('patients:write')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(patientBody) body: z.output<typeof patientBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer(caller.actor, key, ['patient', this.vault.fingerprintOf(body)], 201, (tx) => this.register.execute(tx, caller.practice, registrationOf(body))));
  }

  /** Finds patients of one's own practice by exact full name, birth date, phone, e-mail or record number; what is given must all agree. */
  @Post('search')
  @HttpCode(200)
  @Permits('patients:read')
  search(@CurrentStaff() caller: StaffCaller, @ZodBody(patientSearch) asked: z.output<typeof patientSearch>): Promise<Page<PatientView>> {
    return this.work.run(caller.actor, (tx) => this.read.search(tx, caller.practice, asked));
  }

  /** Patients of one's own practice, page by page. Each that is shown leaves an audit row. */
  @Get()
  @Permits('patients:read')
  list(@CurrentStaff() caller: StaffCaller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<PatientView>> {
    return this.work.run(caller.actor, (tx) => this.read.list(tx, caller.practice, page));
  }

  /** One patient. 404: no patient of one's own practice; 410: erased. */
  @Get(':id')
  @Permits('patients:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', patientId) id: PatientId, @Res({ passthrough: true }) reply: FastifyReply): Promise<PatientView> {
    const patient = await this.work.run(caller.actor, (tx) => this.read.one(tx, caller.practice, id));
    void reply.header('etag', etagOf(patient.version));
    return patient;
  }

  /** The whole record as it shall be. If-Match: 412 where somebody else was first. `deceased`: open offers of the wait list end and the next in turn is asked; the patient's entries are withdrawn. */
  @Put(':id')
  @Permits('patients:write')
  async change(@CurrentStaff() caller: StaffCaller, @ZodParam('id', patientId) id: PatientId, @ZodBody(asRead(patientChange, 'person')) body: z.output<typeof patientChange>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<PatientView> {
    const expected = versionOf(ifMatch);
    // Why as a worker: an open offer and its round, maybe of another host, end with a patient who has died; the use-case looks at whose patient it is.
    const actor = body.deceased ? { ...caller.actor, kind: 'worker' as const } : caller.actor;
    const patient = await this.work.run(actor, (tx) => this.update.execute(tx, caller.practice, id, expected, { ...registrationOf(body), deceased: body.deceased }));
    void reply.header('etag', etagOf(patient.version));
    return patient;
  }
}
