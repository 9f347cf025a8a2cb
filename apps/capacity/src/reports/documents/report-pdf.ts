import { parseInstant } from '@slotmesh/kernel';
import { type Paper, facts, heading, monthInWords, note, paper, table, titled } from '@slotmesh/paper';
import type { PracticeReport } from '../domain/access-report';
import type { TakenReport } from '../queries/take-report';

const NUMBER = { size: 9, amount: /^(-?\d|-$)/ };

/** US Letter, for people who decide and file; same content, same bytes, and no moment but "as of". */
export function reportPdf(report: TakenReport): Promise<Buffer> {
  const title = `Access report ${report.from} to ${report.to}`;
  return paper({ title, subject: `As ${report.viewer} may see its partnership`, at: parseInstant(report.asOf), foot: `${title}, as of ${report.asOf}` }, (pdf) => draw(pdf, title, report));
}

function draw(pdf: Paper, title: string, { from, to, viewer, asOf, definition, measures, missing, items, use }: TakenReport): void {
  const nameOf = (practice: string): string => items.find((one) => one.practice === practice)?.name ?? practice;
  titled(pdf, title, `${monthInWords(from)} to ${monthInWords(to)}: ${lowered(definition.title)}`);
  facts(pdf, [['Drawn for', `${nameOf(viewer)}, as it may see its partnership`], ['As of', `${asOf} (UTC)`], ['Definition', `${definition.id} ${definition.version}`]]);

  heading(pdf, 'What it comes to', items.length > 0 ? 3 : 2);
  for (const { finding } of items) note(pdf, finding.text);

  heading(pdf, 'Time opened to partners');
  table(pdf, ['Practice', 'Shares since', 'Opened, h', 'Used, h', 'Used', 'Went back, h', 'Went back'],
    items.map(({ name, since, contribution: { openedHours, usedHours, usedShare, returnedHours, returnedShare } }) => [name, since ?? '-', number(openedHours), number(usedHours), percent(usedShare), number(returnedHours), percent(returnedShare)]), [0.28, 0.13, 0.12, 0.11, 0.1, 0.14, 0.12], NUMBER);

  heading(pdf, 'Visits booked at partners');
  if (use.length === 0) note(pdf, 'None that may be shown.');
  else table(pdf, ['At', 'Booked by', 'Service', 'Visits', ''], use.map(({ host, booking, service, visits, hiddenMonths }) => [nameOf(host), nameOf(booking), service, String(visits), hiddenMonths === 0 ? '' : `without ${hiddenMonths} hidden ${hiddenMonths === 1 ? 'month' : 'months'}`]), [0.24, 0.24, 0.22, 0.1, 0.2], NUMBER);

  for (const practice of items) access(pdf, practice);

  heading(pdf, 'Visits per available provider-hour');
  table(pdf, ['Practice', 'Before sharing', 'Since', 'Ratio'], items.map(({ name, scaling: { before, now, ratio } }) => [name, number(before), number(now), number(ratio)]), [0.4, 0.2, 0.2, 0.2], NUMBER);

  heading(pdf, 'How to read this', 4);
  for (const text of [definition.numerator, definition.denominator, `Not in it: ${definition.exclusions.join('; ')}.`, definition.hiding, 'A dash: hidden, or not known.']) note(pdf, text);
  heading(pdf, 'Measures behind it', 3);
  for (const { id, version, title: called } of measures) note(pdf, `${id} ${version}: ${called}`);
  heading(pdf, 'Sources that it misses', 1);
  for (const text of missing.length === 0 ? ['None.'] : missing.map(({ source, why }) => `${source}: ${why}`)) note(pdf, text);
}

function access(pdf: Paper, { name, access: services }: PracticeReport): void {
  heading(pdf, `Access at ${name}, in days`);
  if (services.length === 0) return note(pdf, 'Nothing is known of its waits in these months.');
  table(pdf, ['Service', '3rd next, own', 'with partners', 'sooner', '3rd next before', 'now', 'change', 'Lead time before', 'now'],
    services.map(({ service, thirdNextAvailable: { own, withPartners, sooner, before, now, change }, leadTime }) => [service, number(own), number(withPartners), number(sooner), number(before), number(now), change ?? '', number(leadTime.before), number(leadTime.now)]),
    [0.2, 0.1, 0.11, 0.11, 0.11, 0.08, 0.1, 0.11, 0.08], { ...NUMBER, size: 8 });
}

const number = (value: number | null): string => (value === null ? '-' : String(value));
const percent = (share: number | null): string => (share === null ? '-' : `${Math.round(share * 100)} %`);
const lowered = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
