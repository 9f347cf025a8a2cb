import { Injectable } from '@nestjs/common';
import { type AppointmentId, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { explainShift, wallTime } from '../../plans/domain/explain';
import { StepOutcomeRepository } from '../persistence/step-outcome.repository';
import { TimerRepository } from '../persistence/timer.repository';

/** Every step of a visit: what waits, and what became of the rest (P14). A visit of another host has none. */
@Injectable()
export class ListTimers {
  constructor(private readonly work: UnitOfWork, private readonly timers: TimerRepository, private readonly outcomes: StepOutcomeRepository, private readonly appointments: AppointmentRepository, private readonly patients: PatientRepository) {}

  execute(actor: Actor, appointment: AppointmentId) {
    return this.work.run(actor, async (tx) => {
      const visit = (await this.appointments.find(tx, [appointment])).get(appointment);
      if (!visit) return [];
      tx.audit.record({ action: 'timers.read', entity: 'appointment', entityId: appointment, patient: visit.patient });
      const reach = (await this.patients.reaches(tx, [visit.patient])).get(visit.patient);
      const zone = reach?.zone ?? visit.zone;
      const waiting = (await this.timers.pendingOf(tx, appointment)).map((timer) => {
        const shift = timer.fireAt === timer.idealAt ? null : timer.fireAt > timer.idealAt ? ('later' as const) : ('earlier' as const);
        return {
          appointment, revision: timer.revision, step: timer.step, state: 'waiting', reason: null, channel: null, idealAt: formatInstant(timer.idealAt), dueAt: formatInstant(timer.fireAt),
          expiresAt: formatInstant(timer.expiresAt), zone, wallTime: wallTime(timer.fireAt, zone), why: shift && reach ? explainShift(shift, timer.idealAt, reach.quiet, zone) : null, at: null,
        };
      });
      const settled = (await this.outcomes.of(tx, appointment)).map(({ ideal_at, due_at, ...outcome }) => ({ appointment, ...outcome, idealAt: ideal_at, dueAt: due_at, expiresAt: null, zone, wallTime: null, why: null }));
      return [...settled, ...waiting];
    });
  }
}
