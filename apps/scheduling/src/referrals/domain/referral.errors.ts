import { DomainError, type LocalDate, type ServiceCode } from '@slotmesh/kernel';

export class ReferralUnknown extends DomainError {
  constructor() {
    super('not-found', 'referral-unknown', 'Your practice neither sent nor received a referral with this id.');
  }
}

export class ReceiverNotJoined extends DomainError {
  constructor() {
    super('unprocessable', 'receiver-not-joined', 'No agreement in force joins your practice to this one. Choose one of the options, or refer to a place outside the network.');
  }
}

export class ReceiverNotStaffed extends DomainError {
  constructor() {
    super('unprocessable', 'receiver-not-staffed', 'This practice only publishes its times, and nobody there reads referrals. Refer to it as a place outside the network.');
  }
}

export class ServiceNotOffered extends DomainError {
  constructor(service: ServiceCode) {
    super('unprocessable', 'service-not-offered', 'The practice does not offer this service. Choose one of the options for it.', { service });
  }
}

export class ReferralOfAnother extends DomainError {
  constructor(what: 'patient' | 'practice' | 'service') {
    super('unprocessable', 'referral-does-not-fit', `The referral is for another ${what} than this visit. Book what it was written for, or book without it.`, { differs: what });
  }
}

export class AuthorisationExpired extends DomainError {
  constructor(last: LocalDate) {
    super('unprocessable', 'authorisation-expired', `The authorisation covers visits up to ${last}. Choose an earlier time, or have the receiver record a new authorisation.`, { expires: last });
  }
}
