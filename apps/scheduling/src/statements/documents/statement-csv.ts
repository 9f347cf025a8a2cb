import { csvOf } from '@slotmesh/platform';
import type { Cents } from '../domain/money';
import { byCode } from '../domain/split';
import type { StatementContent } from './statement-content';

const columns = ['statement', 'agreement', 'version', 'period', 'from', 'until', 'row', 'cost', 'costName', 'method', 'practice', 'to', 'amountCents', 'amount', 'line', 'fell', 'corrects', 'reason', 'document', 'sha256', 'dated'] as const;
type Row = Readonly<Partial<Record<(typeof columns)[number], string | number | null>>>;

/**
 * RFC 4180, one table. `row` says what a line is: `paid` (a recorded payment or correction), `agreed` (what the agreement itself fixes for its provider), `share` (what a practice bears of a cost), `net` (paid less borne: below
 * zero the practice owes) and `transfer` (who pays whom to settle). `until` is not included; `amount` is in dollars.
 */
export function statementCsv({ id, inputs, result }: StatementContent): string {
  const { agreement, version, period } = inputs;
  const every = { statement: id, agreement, version, period: period.code, from: period.from, until: period.until };
  const money = (amount: Cents) => ({ amountCents: amount, amount: amount / 100 });
  const named = new Map(result.costs.map(({ cost, name, method }) => [cost, { cost, costName: name, method }]));
  const rows: Row[] = [
    ...[...inputs.lines].sort((a, b) => byCode(a.cost, b.cost) || byCode(a.dated, b.dated) || byCode(a.id, b.id)).map(({ id: line, cost, paidBy, amount, ...rest }) => ({ row: 'paid', ...named.get(cost), practice: paidBy, ...money(amount), line, ...rest })),
    ...result.costs.filter(({ method }) => method === 'contracted-hours' || method === 'fixed').flatMap(({ cost, paid }) => paid.filter(({ amount }) => amount !== 0).map(({ practice, amount }) => ({ row: 'agreed', ...named.get(cost), practice, ...money(amount) }))),
    ...result.costs.flatMap(({ cost, shares }) => shares.map(({ practice, amount }) => ({ row: 'share', ...named.get(cost), practice, ...money(amount) }))),
    ...result.parties.map(({ practice, net }) => ({ row: 'net', practice, ...money(net) })),
    ...result.transfers.map(({ from, to, amount }) => ({ row: 'transfer', practice: from, to, ...money(amount) })),
  ];
  return csvOf(columns, rows.map((row) => ({ ...every, ...row })));
}
