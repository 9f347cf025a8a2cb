import { type Instant, type LocalDate, toDate } from '@slotmesh/kernel';
import PDFDocument from 'pdfkit';

const MARGIN = 54;
const INK = '#1f2933';
const FAINT = '#66707a';
const RULE = '#c9d1d9';
const BAND = '#eef2f6';
const ROW = 17;
const AMOUNT = /^-?\$/;

export type Paper = PDFKit.PDFDocument;
export interface PaperFacts {
  readonly title: string;
  readonly subject: string;
  /** The document's own moment, as its content tells it: the only one in the file. */
  readonly at: Instant;
  /** At the foot of each page, beside its number. */
  readonly foot: string;
}

/** A document in US Letter. Same content, same bytes: the only dates are its own, and nothing is compressed, so that no version of zlib shows. */
export function paper({ title, subject, at, foot }: PaperFacts, draw: (pdf: Paper) => void): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'LETTER', margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + 30 }, compress: false, bufferPages: true, lang: 'en-US', displayTitle: true,
    info: { Title: title, Author: 'Slotmesh', Subject: subject, CreationDate: toDate(at), ModDate: toDate(at) },
  });
  const written = new Promise<Buffer>((done, fail) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(Buffer.concat(chunks))).on('error', fail);
  });
  draw(pdf);
  footers(pdf, foot);
  pdf.end();
  return written;
}

const width = (pdf: Paper): number => pdf.page.width - 2 * MARGIN;
const bottom = (pdf: Paper): number => pdf.page.height - pdf.page.margins.bottom;

/** The head of the first page, with what it is about in words below. */
export function titled(pdf: Paper, title: string, about: string): void {
  pdf.font('Helvetica-Bold').fontSize(20).fillColor(INK).text(title).moveDown(0.2);
  pdf.font('Helvetica').fontSize(10).fillColor(FAINT).text(about).moveDown(0.6);
}

/** Names and values below each other. */
export function facts(pdf: Paper, all: readonly (readonly [string, string])[]): void {
  for (const [name, value] of all) {
    const y = pdf.y;
    pdf.font('Helvetica').fontSize(8.5).fillColor(FAINT).text(name, MARGIN, y, { width: 90 });
    pdf.fillColor(INK).text(value, MARGIN + 92, y, { width: width(pdf) - 92 });
  }
  pdf.x = MARGIN;
}

/** `rows`: how many rows of what follows must stand on the same page. */
export function heading(pdf: Paper, text: string, rows = 2): void {
  if (pdf.y + 40 + rows * ROW > bottom(pdf)) pdf.addPage();
  else pdf.moveDown(1.2);
  pdf.font('Helvetica-Bold').fontSize(12).fillColor(INK).text(text, MARGIN, pdf.y, { width: width(pdf) }).moveDown(0.3);
}

/** A paragraph in small type. */
export function note(pdf: Paper, text: string): void {
  pdf.font('Helvetica').fontSize(9).fillColor(FAINT).text(text, MARGIN, pdf.y, { width: width(pdf) }).moveDown(0.4);
}

/** `parts` are the shares of the width, `size` points of the type. Columns in which a cell is an amount stand at the right. A row stays on one page, and each page bears the header. */
export function table(pdf: Paper, header: readonly string[], rows: readonly (readonly string[])[], parts: readonly number[], { size = 9.5, amount = AMOUNT }: { readonly size?: number; readonly amount?: RegExp } = {}): void {
  const widths = parts.map((part) => part * width(pdf));
  const isAmount = header.map((_, column) => rows.some((row) => amount.test(row[column] ?? '')));
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

function footers(pdf: Paper, text: string): void {
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

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
/** `2026-07` as July 2026. */
export const monthInWords = (month: string): string => `${MONTHS[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`;
/** Why not by Intl: its texts change with the data that Node brings along, and a document must not. */
export const dateInWords = (date: LocalDate): string => `${MONTHS[Number(date.slice(5, 7)) - 1]} ${Number(date.slice(8))}, ${date.slice(0, 4)}`;
