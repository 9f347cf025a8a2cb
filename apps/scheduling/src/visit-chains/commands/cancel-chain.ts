import { Injectable } from '@nestjs/common';
import type { VisitChainId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { NoChainedVisitLeft, VisitChainUnknown } from '../domain/visit-chain.errors';
import { VisitChainRepository } from '../persistence/visit-chain.repository';

/** Calls off what is still to come of linked visits, from a step on, all or none: for a host those in its own calendar. Throws VisitChainUnknown, NoChainedVisitLeft. */
@Injectable()
export class CancelChain {
  constructor(private readonly chains: VisitChainRepository, private readonly appointments: AppointmentRepository, private readonly cancel: CancelAppointment) {}

  async execute(tx: Tx, id: VisitChainId, from: number, reason: string): Promise<Appointment[]> {
    if (!(await this.chains.find(tx, id))) throw new VisitChainUnknown();
    const known = await this.appointments.ofChain(tx, id);
    const off = await this.cancel.together(tx, known.map((visit) => visit.id), { reason }, (locked) => {
      const chosen = locked.filter(({ chain, status, start }) => chain !== null && chain.step >= from && (status === 'booked' || status === 'pending') && start > tx.now);
      if (chosen.length === 0) throw new NoChainedVisitLeft();
      return chosen;
    });
    tx.audit.record({ action: 'visit-chain.cancelled', entity: 'visit-chain', entityId: id, patient: off[0]?.patient ?? null, details: { from, visits: off.length, reason } });
    return [...off].sort((a, b) => a.start - b.start);
  }
}
