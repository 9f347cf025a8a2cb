import { DomainError } from '@slotmesh/kernel';
import type { Role } from './mapping';

export class TrialUnknown extends DomainError {
  constructor() {
    super('not-found', 'trial-unknown', 'You have loaded no such trial.');
  }
}
/** Names what is looked for and never a column of the file: a file without a header would show a patient. */
export class ColumnMissing extends DomainError {
  constructor(role: Role, isNamed: boolean) {
    super('unprocessable', 'column-missing', `The file's first line has no column ${isNamed ? `of the name that "${role}" gives` : `for "${role}"`}. Say which one it is: "${role}" in the query of a text/csv file (?${role}=...), "mapping.${role}" in JSON.`, { role });
  }
}
export class ColumnsNotApart extends DomainError {
  constructor(between: 'semicolons' | 'tabs') {
    super('unprocessable', 'columns-not-apart', `The file's first line has ${between} and no comma. Columns must be separated by commas: save the file as CSV with commas, and send it again. Nothing was kept.`);
  }
}
export class TooManyColumns extends DomainError {
  constructor(most: number) {
    super('unprocessable', 'too-many-columns', `The file has a line of more than ${most} columns. Send only those of the day of the visit, the booking, the status, the service and the duration. Nothing was kept.`);
  }
}
export class FileNotText extends DomainError {
  constructor() {
    super('unprocessable', 'file-not-text', 'The file is no text that can be read. Save it as "CSV UTF-8" in the spreadsheet that wrote it, and send it again. Nothing was kept.');
  }
}
export class FileTooLong extends DomainError {
  constructor(most: number) {
    super('unprocessable', 'file-too-long', `The file has visits on more than ${most} days. Send the last year or two of it. Nothing was kept.`);
  }
}
export class FileTooShort extends DomainError {
  constructor(weeks: number, least: number) {
    super('unprocessable', 'file-too-short', `Visits of ${weeks} weeks could be read, up to the last one that was kept or missed; ${least} are needed. Nothing was kept.`, { weeks });
  }
}
export class TooMuchUnread extends DomainError {
  constructor(unreadLines: number, rows: number) {
    super('unprocessable', 'too-much-unread', `${unreadLines} of ${rows} lines could not be read, which is more than one of fifty; what was read would not say how much the practice does. The preview names lines and reasons. Nothing was kept.`, { unreadLines, rows });
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
