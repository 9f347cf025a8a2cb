import { Readable } from 'node:stream';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { instantText, patientId, practiceId } from '@slotmesh/contracts';
import { DAY, type PatientId, formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery, csvOf, csvRows } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { pageQuery, startOf } from '../shared/page';
import { disclosureColumns, viewOfDisclosure } from './disclosure';
import type { DisclosurePlace } from './persistence/disclosure.repository';
import { type DisclosurePage, ReadDisclosures } from './queries/read-disclosures';

const MOST_DAYS = 366;
const PAGE = 500;
const format = z.enum(['json', 'csv']).default('json');
const ofPatient = pageQuery.extend({ format });
const ofPractice = pageQuery.extend({ format, from: instantText, to: instantText, practice: practiceId.optional() })
  .refine(({ from, to }) => to > from && to - from <= MOST_DAYS * DAY, { path: ['to'], message: `must be later than from, by ${MOST_DAYS} days at most` });
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([instantText, z.uuid()]));

@Controller('api/scheduling/v1')
export class DisclosuresController {
  constructor(private readonly work: UnitOfWork, private readonly read: ReadDisclosures) {}

  /**
   * Accounting of disclosures (45 CFR 164.528), oldest first: when something about this patient of one's own practice went to a partner, to which (`to`, `toName`), under which agreement, for what purpose, by which profile and what that holds, and
   * `because` of what: an `appointment`, a `referral`, a `change` of what was given before, or an entry of a list (`waitlist-entry`, `offer`, `call`, `reply`) that was shown to somebody of the partner who works the list by agreement. Also what treatment would let go unlisted is listed. `at` is RFC 3339 in UTC with the practice's `zone` beside it.
   * `format=csv` gives all of them in one answer (RFC 4180); `limit` and `cursor` are for JSON.
   */
  @Get('patients/:patient/disclosures')
  @Permits('patients:read')
  @ApiProduces('application/json', 'text/csv')
  ofOne(@CurrentStaff() caller: StaffCaller, @ZodParam('patient', patientId) patient: PatientId, @ZodQuery(ofPatient) asked: z.output<typeof ofPatient>, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(caller, asked, reply, (tx, page) => this.read.ofPatient(tx, caller.practice, patient, page));
  }

  /** What one's own practice disclosed from `from` (inclusive) until `to` (exclusive), 366 days at most, oldest first, to one partner (`practice`) or any; patients by id only. `format=csv` gives all of them. */
  @Get('disclosures')
  @Permits('disclosures:read')
  @ApiProduces('application/json', 'text/csv')
  list(@CurrentStaff() caller: StaffCaller, @ZodQuery(ofPractice) asked: z.output<typeof ofPractice>, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(caller, asked, reply, (tx, page) => this.read.ofPractice(tx, caller.practice, asked, page));
  }

  private async answer(caller: StaffCaller, asked: z.output<typeof ofPatient>, reply: FastifyReply, read: (tx: Tx, page: { readonly after: DisclosurePlace | null; readonly limit: number }) => Promise<DisclosurePage>): Promise<unknown> {
    const [at, id] = startOf(asked, place) ?? [];
    const page = (after: DisclosurePlace | null, limit: number) => this.work.run(caller.actor, (tx) => read(tx, { after, limit }));
    const first = await page(at !== undefined && id !== undefined ? { at, id } : null, asked.format === 'csv' ? PAGE : asked.limit);
    if (asked.format === 'json') return { items: first.items.map(viewOfDisclosure), nextCursor: first.next && Buffer.from(`${formatInstant(first.next.at)} ${first.next.id}`).toString('base64url') };
    void reply.headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="disclosures.csv"', 'cache-control': 'no-store' });
    void reply.send(Readable.from(linesOf(first, (after) => page(after, PAGE)), { objectMode: false }));
    return reply;
  }
}

/** Page by page, so that nobody's slow line keeps a transaction open. */
async function* linesOf(first: DisclosurePage, next: (after: DisclosurePlace) => Promise<DisclosurePage>): AsyncGenerator<string, void, void> {
  yield csvOf(disclosureColumns, []);
  for (let page = first; ; page = await next(page.next)) {
    if (page.items.length > 0) yield csvRows(disclosureColumns, page.items.map(viewOfDisclosure));
    if (page.next === null) return;
  }
}
