import { Controller, Get } from '@nestjs/common';
import { personId } from '@slotmesh/contracts';
import { DomainError, type PatientId, type PersonId } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';

@Controller('api/scheduling/v1/persons')
export class PersonsController {
  constructor(private readonly work: UnitOfWork) {}

  /** The records that one's own practice has of a person of the network; whether partners have any is not told. */
  @Get(':id')
  @Permits('patients:read')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', personId) id: PersonId): Promise<{ id: PersonId; patients: PatientId[] }> {
    return this.work.run(caller.actor, async (tx) => {
      const rows = await tx.query<{ id: PatientId }>('SELECT id FROM patient WHERE person_id = $1 AND practice_id = $2 ORDER BY id', [id, caller.practice]);
      if (rows.length === 0) throw new DomainError('not-found', 'person-unknown', 'Your practice has no patient who is this person.');
      tx.audit.record({ action: 'person.read', entity: 'person', entityId: id });
      return { id, patients: rows.map((row) => row.id) };
    });
  }
}
