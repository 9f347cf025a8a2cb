import { Get, HttpCode, Post, Req } from '@nestjs/common';
import { patientId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PatientUnknown } from '../patients/patient.errors';
import { patientSearch as desksSearch } from '../patients/patient.body';
import { ReadPatients } from '../patients/queries/read-patients';
import { FhirPages } from './fhir-pages';
import { FhirController, fhirId } from './fhir-route';
import type { Searchset } from './resources/bundle';
import { note } from './resources/operation-outcome';
import { type Patient, patientOf, recordNumberSystem } from './resources/patient';
import { cursorOf, keyOf } from './search/cursor';
import { patientSearch, searches } from './search/searches';

@FhirController('Patient')
export class FhirPatientController {
  constructor(private readonly work: UnitOfWork, private readonly read: ReadPatients, private readonly pages: FhirPages) {}

  /** Patients of one's own practice, page by page; each that is shown leaves an audit row. To find one, POST to Patient/_search: a URL ends in logs. */
  @Get()
  @Permits('patients:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(searches.Patient) by: z.output<typeof searches.Patient>, @Req() request: FastifyRequest): Promise<Searchset> {
    const after = keyOf(by._cursor, z.tuple([patientId]))?.[0];
    const page = await this.work.run(caller.actor, (tx) => this.read.list(tx, caller.practice, { limit: by._count, cursor: after === undefined ? undefined : Buffer.from(after).toString('base64url') }));
    const last = page.items.at(-1);
    return this.pages.of(request, { page: by, resources: page.items.map(patientOf), next: page.nextCursor !== null && last ? cursorOf(last.id) : null });
  }

  /** Finds patients of one's own practice by a form: exact, and what is given must all agree. Each that is shown leaves an audit row. */
  @Post('_search')
  @HttpCode(200)
  @Permits('patients:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodBody(patientSearch) by: z.output<typeof patientSearch>, @Req() request: FastifyRequest): Promise<Searchset> {
    const { family, given, birthdate, identifier, phone, email, telecom } = by;
    const asked = desksSearch.parse({
      name: family === undefined ? undefined : `${given ?? ''} ${family}`, birthDate: birthdate, recordNumber: identifier?.value,
      phone, email, ...telecom, limit: by._count,
    });
    // Why: a number of another house may be equal to one of ours and name somebody else.
    if (identifier?.system && identifier.system !== recordNumberSystem(caller.practice)) return this.pages.of(request, { page: { _count: by._count }, resources: [], next: null });
    const page = await this.work.run(caller.actor, (tx) => this.read.search(tx, caller.practice, asked));
    const more = page.nextCursor !== null;
    const issues = more ? [note('warning', 'informational', `More than ${by._count} patients fit: say more about the one that is meant.`)] : [];
    return this.pages.of(request, { page: { _count: by._count, more }, resources: page.items.map(patientOf), next: null, issues });
  }

  /** One patient of one's own practice; leaves an audit row. 404: a partner's, too; 410: erased. */
  @Get(':id')
  @Permits('patients:read')
  async one(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string): Promise<Patient> {
    const known = patientId.safeParse(id);
    if (!known.success) throw new PatientUnknown();
    return patientOf(await this.work.run(caller.actor, (tx) => this.read.one(tx, caller.practice, known.data)));
  }
}
