import { DomainError } from '@slotmesh/kernel';

/** Topics have no order among each other: the patient's record may come after the appointment. The record parks and is tried again. */
export class PatientNotYetKnown extends DomainError {
  constructor() {
    super('unavailable', 'patient-not-yet-known', "The patient's record has not arrived yet; zone and channels are unknown.");
  }
}
