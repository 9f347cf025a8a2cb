import { type LocalDate, addDays, formatInstant, toDate } from '@slotmesh/kernel';
import PDFDocument from 'pdfkit';
import { describeCents } from '../domain/money';
import { type SharedCost, agreedOf } from '../domain/money-terms';
import type { StatementContent } from './statement-content';

const MARGIN = 54;
const INK = '#1f2933';
const FAINT = '#66707a';
const RULE = '#c9d1d9';
const BAND = '#eef2f6';
const ROW = 17;

/** US Letter. Same content, same bytes: the only dates are the statement's own, and nothing is compressed, so that no version of zlib shows. */
export function statementPdf(content: StatementContent): Promise<Buffer> {
  const { inputs, madeAt } = content;
  const title = `Cost statement ${inputs.period.code}`;
  const pdf = new PDFDocument({
    size: 'LETTER', margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + 30 }, compress: false, bufferPages: true, lang: 'en-US', displayTitle: true,
    info: { Title: title, Author: 'Slotmesh', Subject: `Agreement ${inputs.agreement}, version ${inputs.version}`, CreationDate: toDate(madeAt), ModDate: toDate(madeAt) },
  });
  const written = new Promise<Buffer>((done, fail) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(Buffer.concat(chunks))).on('error', fail);
  });
  draw(pdf, title, content);
  pdf.end();
  return written;
}

function draw(pdf: PDFKit.PDFDocument, title: string, { id, madeAt, inputs, inputsHash, result }: StatementContent): void {
  const nameOf = (practice: string): string => inputs.parties.find((party) => party.practice === practice)?.name ?? practice;
  const { period } = inputs;
  pdf.font('Helvetica-Bold').fontSize(20).fillColor(INK).text(title).moveDown(0.2);
  pdf.font('Helvetica').fontSize(10).fillColor(FAINT).text(`${inWords(period.from)} to ${inWords(addDays(period.until, -1))}, by the calendar of ${inputs.zone}`).moveDown(0.6);
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
    if (lines.length > 0) table(pdf, ['Document', 'Dated', 'Paid by', 'Amount'], lines.map((line) => [`${line.corrects ? 'Correction: ' : ''}${line.document}`, line.dated, nameOf(line.paidBy), describeCents(line.amount)]), [0.4, 0.13, 0.3, 0.17], 8);
  }

  heading(pdf, 'How this was reckoned', 4);
  note(pdf, 'Shares rest only on what the agreement fixed in advance and on what was paid for the named costs. No count of referrals, bookings or visits enters, and no revenue; profit is not divided here: that is for the practices and their counsel. '
    + 'Each cost is divided to the cent by largest remainder, equal remainders by practice code. The same inputs give this document again, byte for byte; approvals are kept with the statement.');
  footers(pdf, `Statement ${id}`);
}

const width = (pdf: PDFKit.PDFDocument): number => pdf.page.width - 2 * MARGIN;
const bottom = (pdf: PDFKit.PDFDocument): number => pdf.page.height - pdf.page.margins.bottom;

function facts(pdf: PDFKit.PDFDocument, all: readonly (readonly [string, string])[]): void {
  for (const [name, value] of all) {
    const y = pdf.y;
    pdf.font('Helvetica').fontSize(8.5).fillColor(FAINT).text(name, MARGIN, y, { width: 90 });
    pdf.fillColor(INK).text(value, MARGIN + 92, y, { width: width(pdf) - 92 });
  }
  pdf.x = MARGIN;
}

/** `rows`: how many rows of what follows must stand on the same page. */
function heading(pdf: PDFKit.PDFDocument, text: string, rows = 2): void {
  if (pdf.y + 40 + rows * ROW > bottom(pdf)) pdf.addPage();
  else pdf.moveDown(1.2);
  pdf.font('Helvetica-Bold').fontSize(12).fillColor(INK).text(text, MARGIN, pdf.y, { width: width(pdf) }).moveDown(0.3);
}

function note(pdf: PDFKit.PDFDocument, text: string): void {
  pdf.font('Helvetica').fontSize(9).fillColor(FAINT).text(text, MARGIN, pdf.y, { width: width(pdf) }).moveDown(0.4);
}

/** Columns that hold amounts stand at the right. A row stays on one page, and each page bears the header. */
function table(pdf: PDFKit.PDFDocument, header: readonly string[], rows: readonly (readonly string[])[], parts: readonly number[], size = 9.5): void {
  const widths = parts.map((part) => part * width(pdf));
  const isAmount = header.map((_, column) => rows.some((row) => /^-?\$/.test(row[column] ?? '')));
  const line = (cells: readonly string[], bold: boolean, shaded: boolean): void => {
    const font = pdf.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(size);
    const height = Math.max(ROW, 6 + Math.max(...cells.map((cell, column) => font.heightOfString(cell, { width: widths[column]! - 8 }))));
    if (pdf.y + height > bottom(pdf)) {
      pdf.addPage();
      if (!bold) line(header, true, true);
      pdf.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(size);
    }
    const top = pdf.y;
    if (shaded) pdf.rect(MARGIN, top, width(pdf), height).fill(BAND);
    let x = MARGIN;
    cells.forEach((cell, column) => {
      pdf.fillColor(bold ? FAINT : INK).text(cell, x + 4, top + 4, { width: widths[column]! - 8, align: isAmount[column] ? 'right' : 'left' });
      x += widths[column]!;
    });
    pdf.moveTo(MARGIN, top + height).lineTo(MARGIN + width(pdf), top + height).lineWidth(0.5).strokeColor(RULE).stroke();
    pdf.x = MARGIN;
    pdf.y = top + height;
  };
  line(header, true, true);
  for (const row of rows) line(row, false, false);
  pdf.moveDown(0.4);
}

function footers(pdf: PDFKit.PDFDocument, text: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Why: text below the bottom margin would begin a new page.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - MARGIN;
    pdf.font('Helvetica').fontSize(8).fillColor(FAINT).text(text, MARGIN, y, { width: width(pdf) / 2, lineBreak: false });
    pdf.text(`Page ${page - start + 1} of ${count}`, MARGIN + width(pdf) / 2, y, { width: width(pdf) / 2, align: 'right', lineBreak: false });
  }
}

function howOf(cost: SharedCost, nameOf: (practice: string) => string): string {
  const proof = cost.method === 'equal' ? '' : ` Evidence: ${cost.evidence.document}, dated ${inWords(cost.evidence.dated)}, good until ${inWords(cost.evidence.expires)}.`;
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
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
/** Why not by Intl: its texts change with the data that Node brings along, and a statement must not. */
const inWords = (date: LocalDate): string => `${MONTHS[Number(date.slice(5, 7)) - 1]} ${Number(date.slice(8))}, ${date.slice(0, 4)}`;
