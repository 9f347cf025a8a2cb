import { Injectable } from '@nestjs/common';
import { StepAppointment } from '../../appointments/commands/step-appointment';
import { ChangeVisit } from './change-visit';

/** The patient says that they will come. Throws LinkUnknown, LinkEnded. */
@Injectable()
export class ConfirmVisit {
  constructor(private readonly change: ChangeVisit, private readonly steps: StepAppointment) {}

  execute(token: string, revision: number): Promise<'done' | 'stale'> {
    return this.change.execute(token, {
      action: 'confirm', revision,
      isDone: (appointment) => appointment.revision === revision && appointment.status === 'booked' && appointment.participation === 'accepted',
      fn: async (tx, { appointment }) => {
        await this.steps.confirm(tx, appointment.id, appointment.version);
        return 'done' as const;
      },
    });
  }
}
