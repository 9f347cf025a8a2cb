import { addDays, formatInstant } from '@slotmesh/kernel';
import { type Paper, dateInWords, facts, heading, note, paper, table, titled } from '@slotmesh/paper';
import { describeCents } from '../domain/money';
import { type SharedCost, agreedOf } from '../domain/money-terms';
import type { StatementContent } from './statement-content';

/** US Letter; same content, same bytes. */
export function statementPdf(content: StatementContent): Promise<Buffer> {
  const { id, inputs, madeAt } = content;
  const title = `Cost statement ${inputs.period.code}`;
  return paper({ title, subject: `Agreement ${inputs.agreement}, version ${inputs.version}`, at: madeAt, foot: `Statement ${id}` }, (pdf) => draw(pdf, title, content));
}

function draw(pdf: Paper, title: string, { id, madeAt, inputs, inputsHash, result }: StatementContent): void {
  const nameOf = (practice: string): string => inputs.parties.find((party) => party.practice === practice)?.name ?? practice;
  const { period } = inputs;
  titled(pdf, title, `${dateInWords(period.from)} to ${dateInWords(addDays(period.until, -1))}, by the calendar of ${inputs.zone}`);
  facts(pdf, [['Agreement', `${inputs.agreement}, version ${inputs.version}`], ['Statement', id], ['Made', `${formatInstant(madeAt)} (UTC)`], ['Inputs, SHA-256', inputsHash]]);

  heading(pdf, 'What each practice paid and bears');
  table(pdf, ['Practice', 'Paid', 'Share', 'Balance', ''], result.parties.map(({ practice, paid, share, net }) => [nameOf(practice), describeCents(paid), describeCents(share), describeCents(net), net > 0 ? 'is owed' : net < 0 ? 'owes' : 'even']), [0.4, 0.17, 0.17, 0.17, 0.09]);

  heading(pdf, 'To settle');
  if (result.transfers.length === 0) note(pdf, 'Nobody owes anything.');
  else table(pdf, ['From', 'To', 'Amount'], result.transfers.map(({ from, to, amount }) => [nameOf(from), nameOf(to), describeCents(amount)]), [0.415, 0.415, 0.17]);

  for (const stated of result.costs) {
    const cost = inputs.costs.find(({ id: one }) => one === stated.cost);
    if (!cost) throw new Error('a stated cost is not among the inputs');
    heading(pdf, `${stated.name}: ${describeCents(stated.total)}`, 3);
    note(pdf, howOf(cost, nameOf));
    table(pdf, ['Practice', 'Basis', 'Paid', 'Share'], stated.shares.map(({ practice, amount }) => [nameOf(practice), basisOf(cost, practice), describeCents(stated.paid.find((one) => one.practice === practice)!.amount), describeCents(amount)]), [0.4, 0.26, 0.17, 0.17]);
    const lines = inputs.lines.filter((line) => line.cost === cost.id);
    if (lines.length > 0) table(pdf, ['Document', 'Dated', 'Paid by', 'Amount'], lines.map((line) => [`${line.corrects ? 'Correction: ' : ''}${line.document}`, line.dated, nameOf(line.paidBy), describeCents(line.amount)]), [0.4, 0.13, 0.3, 0.17], { size: 8 });
  }

  heading(pdf, 'How this was reckoned', 4);
  note(pdf, 'Shares rest only on what the agreement fixed in advance and on what was paid for the named costs. No count of referrals, bookings or visits enters, and no revenue; profit is not divided here: that is for the practices and their counsel. '
    + 'Each cost is divided to the cent by largest remainder, equal remainders by practice code. The same inputs give this document again, byte for byte; approvals are kept with the statement.');
}

function howOf(cost: SharedCost, nameOf: (practice: string) => string): string {
  const proof = cost.method === 'equal' ? '' : ` Evidence: ${cost.evidence.document}, dated ${dateInWords(cost.evidence.dated)}, good until ${dateInWords(cost.evidence.expires)}.`;
  const agreed = agreedOf(cost);
  switch (cost.method) {
    case 'equal':
      return 'What was paid is shared equally.';
    case 'provider-fte':
      return `What was paid is shared by full-time equivalent providers, as the agreement fixes them.${proof}`;
    case 'contracted-hours':
      return `Hours that the agreement contracts, given by ${nameOf(agreed!.providedBy)}, at a fair-market price; owed whether used or not.${proof}`;
    case 'fixed':
      return `Fixed amounts of the agreement, owed to ${nameOf(agreed!.providedBy)}.${proof}`;
  }
}

function basisOf(cost: SharedCost, practice: string): string {
  switch (cost.method) {
    case 'equal':
      return 'equal part';
    case 'provider-fte':
      return `${((cost.fte.find((one) => one.practice === practice)?.hundredths ?? 0) / 100).toFixed(2)} FTE`;
    case 'contracted-hours': {
      const hours = cost.hours.find((one) => one.practice === practice);
      return hours ? `${hoursOf(hours.minutesPerPeriod)} at ${describeCents(hours.centsPerHour)}/h` : '';
    }
    case 'fixed':
      return 'fixed amount';
  }
}

const hoursOf = (minutes: number): string => `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
