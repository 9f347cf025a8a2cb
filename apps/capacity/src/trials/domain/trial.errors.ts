import { DomainError } from '@slotmesh/kernel';
import type { Role } from './mapping';

export class TrialUnknown extends DomainError {
  constructor() {
    super('not-found', 'trial-unknown', 'You have loaded no such trial.');
  }
}
/** Names what is looked for and never a column of the file: a file without a header would show a patient. */
export class ColumnMissing extends DomainError {
  constructor(role: Role) {
    super('unprocessable', 'column-missing', `The file's first line has no column for "${role}". Name it in "mapping".`, { role });
  }
}
export class FileTooShort extends DomainError {
  constructor(weeks: number, least: number) {
    super('unprocessable', 'file-too-short', `Visits of ${weeks} weeks could be read; ${least} are needed. Nothing was kept.`, { weeks });
  }
}
export class TrialKeyReused extends DomainError {
  constructor() {
    super('unprocessable', 'idempotency-key-reused', 'This Idempotency-Key was used for another trial. Use a new key.');
  }
}
export class OnlyOperatorsName extends DomainError {
  constructor() {
    super('forbidden', 'only-operators-name-a-partnership', 'Only the network\'s operator names a partnership. Leave it out: your own is taken, or an invented partner.');
  }
}
