import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentRepository, type KnownAppointment } from '../../appointments/persistence/appointment.repository';
import type { PlanStep } from '../../plans/domain/plan';
import { riskOf } from '../../plans/domain/risk';
import type { Circumstances } from '../domain/due-step';
import { hasReached } from '../domain/reached';
import { StepOutcomeRepository } from '../persistence/step-outcome.repository';

export interface StepOfVisit {
  readonly step: PlanStep;
  readonly visit: KnownAppointment;
}

/** Looks up what due steps ask for, and nothing for those that ask for nothing. */
@Injectable()
export class KnowCircumstances {
  constructor(private readonly appointments: AppointmentRepository, private readonly outcomes: StepOutcomeRepository) {}

  async execute(tx: Tx, steps: readonly StepOfVisit[]): Promise<(visit: KnownAppointment) => Circumstances> {
    const earlier = await this.appointments.endedOf(tx, steps.filter(({ step }) => step.risk === 'high').map(({ visit }) => visit.patient));
    const asked = await this.outcomes.asked(tx, steps.filter(({ step }) => step.action === 'call' && step.reached === 'nobody').map(({ visit }) => visit.id));
    return (visit) => ({
      risk: riskOf((earlier.get(visit.patient) ?? []).filter(({ host }) => host === visit.host), tx.now),
      reached: hasReached((asked.get(visit.id) ?? []).filter(({ revision }) => revision === visit.revision)),
    });
  }
}
