import { csvOf } from '@slotmesh/platform';
import type { PracticeReport } from '../domain/access-report';
import type { TakenReport } from '../queries/take-report';

const columns = ['report', 'version', 'asOf', 'from', 'to', 'row', 'practice', 'partner', 'service', 'measure', 'measureVersion', 'value', 'unit', 'before', 'change', 'text'] as const;
type Row = Readonly<Partial<Record<(typeof columns)[number], string | number | null>>>;

/** RFC 4180, one table. `row` says what a line is; what is hidden or unknown is empty. `value` is of the period, `before` of the months before the practice shared. */
export function reportCsv({ definition, asOf, from, to, measures, missing, items, use }: TakenReport): string {
  const every = { report: definition.id, version: definition.version, asOf, from, to };
  const measured = (id: string) => ({ measure: id, measureVersion: measures.find((measure) => measure.id === id)?.version ?? null });
  const rows: Row[] = [
    ...items.flatMap((practice) => rowsOf(practice, measured)),
    ...use.map(({ host, booking, service, visits, hiddenMonths }) => ({ row: 'visits', practice: host, partner: booking, service, ...measured('shared-visits'), value: visits, unit: 'visits', text: hiddenMonths === 0 ? '' : `${hiddenMonths} months are hidden` })),
    ...missing.map(({ source, why }) => ({ row: 'missing', text: `${source}: ${why}` })),
  ];
  return csvOf(columns, rows.map((row) => ({ ...every, ...row })));
}

function rowsOf({ practice, contribution, access, scaling, finding }: PracticeReport, measured: (id: string) => Row): Row[] {
  const { openedHours, usedHours, usedShare, returnedHours, returnedShare } = contribution;
  const rows: Row[] = [
    { row: 'opened', ...measured('shared-offered'), value: openedHours, unit: 'hours' },
    { row: 'used', ...measured('shared-used'), value: usedHours, unit: 'hours' }, { row: 'used', ...measured('shared-used'), value: usedShare, unit: 'share' },
    { row: 'returned', ...measured('shared-returned'), value: returnedHours, unit: 'hours' }, { row: 'returned', ...measured('shared-returned'), value: returnedShare, unit: 'share' },
    ...access.flatMap(({ service, thirdNextAvailable: { own, withPartners, sooner, before, now, change }, leadTime }): Row[] => [
      { row: 'own-choice', service, ...measured('third-next-available'), value: own, unit: 'days' },
      { row: 'choice-with-partners', service, ...measured('third-next-available-with-partners'), value: withPartners, unit: 'days' },
      { row: 'sooner', service, ...measured('sooner-with-partners'), value: sooner, unit: 'days' },
      { row: 'wait', service, ...measured('third-next-available'), value: now, unit: 'days', before, change },
      { row: 'lead-time', service, ...measured('lead-time'), value: leadTime.now, unit: 'days', before: leadTime.before },
    ]),
    { row: 'scaling', ...measured('scaling'), value: scaling.now, unit: 'visits per hour', before: scaling.before }, { row: 'scaling', ...measured('scaling'), value: scaling.ratio, unit: 'ratio' },
    { row: 'finding', change: finding.said, text: finding.text },
  ];
  return rows.map((row) => ({ ...row, practice }));
}
