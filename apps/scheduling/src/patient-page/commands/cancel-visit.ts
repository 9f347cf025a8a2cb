import { Injectable } from '@nestjs/common';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { ChangeVisit } from './change-visit';

/** The patient calls the visit off; its time is free at once. Throws LinkUnknown, LinkEnded. */
@Injectable()
export class CancelVisit {
  constructor(private readonly change: ChangeVisit, private readonly cancel: CancelAppointment) {}

  execute(token: string, revision: number): Promise<'done' | 'stale'> {
    return this.change.execute(token, {
      action: 'cancel', revision,
      isDone: (appointment) => appointment.status === 'cancelled',
      fn: async (tx, { appointment }) => {
        await this.cancel.execute(tx, { id: appointment.id, reason: 'pat', version: appointment.version });
        return 'done' as const;
      },
    });
  }
}
