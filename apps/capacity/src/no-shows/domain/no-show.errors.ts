import { DomainError } from '@slotmesh/kernel';

export class ModelOfNoPractice extends DomainError {
  constructor() {
    super('unprocessable', 'model-of-no-practice', 'A no-show model belongs to one practice, and you work for none.');
  }
}
export class SwitchChanged extends DomainError {
  constructor(version: number) {
    super('precondition', 'version-changed', 'Somebody else changed this since you read it. Read it again and repeat your change.', { version });
  }
}
export class TooManyToReach extends DomainError {
  constructor(most: number) {
    super('unprocessable', 'too-many-to-reach', `More than ${most} visits are booked on these dates. Ask for fewer.`, { most });
  }
}
