import { type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { RecordedCost } from './persistence/shared-cost.repository';
import type { Statement } from './persistence/statement.repository';

export const viewOfSharedCost = (line: RecordedCost) => ({
  id: line.id, agreement: line.agreement, cost: line.cost, paidBy: line.paidBy, amountCents: line.amount, period: line.fell, statedIn: line.statedIn, corrects: line.corrects, reason: line.reason,
  evidence: { document: line.document, sha256: line.sha256, dated: line.dated }, recordedAt: formatInstant(line.recordedAt), recordedBy: line.recordedBy,
});

/** For lists: without what it rests on. */
export const summaryOfStatement = (s: Statement, reader: PracticeId) => ({
  id: s.id, agreement: s.inputs.agreement, agreementVersion: s.inputs.version, period: s.inputs.period.code, from: s.inputs.period.from, until: s.inputs.period.until, zone: s.inputs.zone, practices: s.practices, state: s.state,
  madeFor: s.madeFor, madeBy: s.madeBy, madeAt: formatInstant(s.madeAt), finalAt: s.finalAt === null ? null : formatInstant(s.finalAt), withdrawal: s.withdrawal && { ...s.withdrawal, at: formatInstant(s.withdrawal.at) },
  verdicts: s.verdicts.map((verdict) => ({ ...verdict, at: formatInstant(verdict.at) })), awaits: s.state === 'drafted' || s.state === 'disputed' ? s.practices.filter((practice) => !s.verdicts.some((one) => one.practice === practice && one.verdict === 'approved')) : [],
  own: s.result.parties.filter(({ practice }) => practice === reader).map(({ paid, share, net }) => ({ paid, share, net }))[0] ?? null,
});

/** `inputs` as the hash is over them. */
export const viewOfStatement = (s: Statement, reader: PracticeId) => ({ ...summaryOfStatement(s, reader), result: s.result, resultHash: s.resultHash, inputs: s.inputs, inputsHash: s.inputsHash });
