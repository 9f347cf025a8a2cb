import { StatementApproved, StatementDisputed, StatementFinal, StatementMade, StatementWithdrawn } from '@slotmesh/contracts';
import { type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { Statement } from './persistence/statement.repository';

const snapshotOf = ({ id, inputs, practices, state, inputsHash, madeFor, madeAt }: Statement) => ({
  id, agreement: inputs.agreement, agreementVersion: inputs.version, period: inputs.period.code, practices: [...practices], state, inputsHash, madeFor, madeAt: formatInstant(madeAt),
});
const place = ({ id }: Statement) => ({ key: id, host: null });

export const statementMade = (s: Statement): OutgoingEvent => eventOf(StatementMade, place(s), { statement: snapshotOf(s), by: s.madeFor });
export const statementApproved = (s: Statement, by: PracticeId): OutgoingEvent => eventOf(StatementApproved, place(s), { statement: snapshotOf(s), by });
export const statementDisputed = (s: Statement, by: PracticeId): OutgoingEvent => eventOf(StatementDisputed, place(s), { statement: snapshotOf(s), by });
export const statementWithdrawn = (s: Statement): OutgoingEvent => eventOf(StatementWithdrawn, place(s), { statement: snapshotOf(s), by: s.madeFor });
export const statementFinal = (s: Statement): OutgoingEvent => eventOf(StatementFinal, place(s), { statement: snapshotOf(s) });
