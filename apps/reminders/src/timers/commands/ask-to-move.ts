import { Injectable } from '@nestjs/common';
import { type AppointmentSnapshot, MessageRequested } from '@slotmesh/contracts';
import { type MessageRequestId, formatInstant, newId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { MOVE_STEP } from '../domain/message-outcome';
import { PatientNotYetKnown } from '../domain/timer.errors';
import { StepOutcomeRepository } from '../persistence/step-outcome.repository';

const CHANNELS = ['sms', 'email'] as const;

/** The patient of a visit on a closed day is written to once for a revision, beside the call; once more only where the earlier message did not go or did not arrive. Quiet hours and consent are looked at when it is sent. */
@Injectable()
export class AskToMove {
  constructor(private readonly patients: PatientRepository, private readonly outcomes: StepOutcomeRepository) {}

  /** Throws PatientNotYetKnown. */
  async execute(tx: Tx, { id, revision, host, booking, patient, start }: AppointmentSnapshot): Promise<void> {
    const reach = await this.patients.reachForPlanning(tx, patient);
    if (!reach) throw new PatientNotYetKnown();
    const channels = CHANNELS.filter((channel) => reach.channels.includes(channel));
    if (reach.gone !== null || reach.voiceOnly || channels.length === 0 || start <= tx.now) return;
    const request = newId<MessageRequestId>();
    if (!(await this.outcomes.request(tx, { appointment: id, revision, step: MOVE_STEP, host, patient, request }))) return;
    tx.outbox.add(eventOf(MessageRequested, { key: request, host, booking }, {
      id: request, host, booking, patient, subjects: [{ kind: 'appointment', id, revision, step: MOVE_STEP }],
      // Why not one that must reach: the call is on the list already.
      class: 'consented-care', template: 'visit-must-move', channels, expiresAt: formatInstant(start), visitStart: formatInstant(start), mustReach: false,
    }));
  }
}
