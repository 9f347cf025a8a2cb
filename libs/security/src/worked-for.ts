import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { WorkDesk } from '@slotmesh/contracts';
import { DomainError, type PracticeId } from '@slotmesh/kernel';

export const WORKED_FOR = 'slotmesh:worked-for';
export const FOR_HEADER = 'slotmesh-for';

/** States that named staff of a partner may use the route by agreement (`staffAccess`), as part of this list; every other route refuses `Slotmesh-For`. */
export const WorkedFor = (desk: WorkDesk): MethodDecorator =>
  applyDecorators(SetMetadata(WORKED_FOR, desk), ApiExtension('x-worked-for', desk),
    ApiHeader({ name: 'Slotmesh-For', required: false, description: `The partner whose ${desk} is worked, by an agreement in force whose staffAccess names the caller for it; left out: one's own practice. 403 where none does.`, schema: { type: 'string' } }));

export class NotWorkedForOthers extends DomainError {
  constructor() {
    super('forbidden', 'not-worked-for', 'This is done for one\'s own practice only. Leave Slotmesh-For out; it names one partner, on the routes of an inbox, a call list or a wait list.');
  }
}
export class NotNamedForThis extends DomainError {
  constructor(practice: PracticeId, desk: WorkDesk, reason: string) {
    super('forbidden', 'not-named-for-desk', `No agreement in force lets you work the ${desk} of ${practice} (${reason}). Ask your manager for an amendment of staffAccess.`, { practice, desk, reason });
  }
}
