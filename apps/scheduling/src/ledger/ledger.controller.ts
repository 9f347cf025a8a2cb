import { Readable } from 'node:stream';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { agreementId, instantText, localDate, practiceId } from '@slotmesh/contracts';
import { type LocalDate, Clock, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery, csvOf, csvRows } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readerOf } from '../practices/reference';
import { pageQuery, startOf } from '../shared/page';
import { accounts } from './domain/posting';
import { hoursOf, slotMinutes } from './domain/slot-minutes';
import { type LedgerLine, type LinePlace, LedgerRepository } from './persistence/ledger.repository';
import { ReciprocityTermsRepository } from './persistence/reciprocity-terms.repository';
import { type PartyTotals, ReadLedger, viewOfSide } from './queries/read-ledger';
import { ReadReciprocity } from './queries/read-reciprocity';

const PAGE = 500;
const ofLines = z.object({ agreement: agreementId.optional(), practice: practiceId.optional(), account: z.enum(accounts).optional(), from: instantText.optional(), to: instantText.optional(), format: z.enum(['json', 'csv']).default('json') });
const linesQuery = pageQuery.extend(ofLines.shape);
type LinesQuery = z.output<typeof linesQuery>;
const totalsQuery = z.object({ agreement: agreementId.optional(), from: localDate.default('2000-01-01' as LocalDate), to: localDate.default('2199-12-31' as LocalDate), at: instantText.optional() });
const agreementQuery = z.object({ agreement: agreementId.optional() });
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([instantText, z.uuid(), z.enum(['-1', '1']).transform(Number)]));
const columns = ['posting', 'at', 'day', 'agreement', 'practice', 'account', 'minutes', 'hours', 'host', 'booking', 'cause', 'causeId'] as const;

@Controller('api/scheduling/v1/ledger')
export class LedgerController {
  constructor(
    private readonly work: UnitOfWork, private readonly clock: Clock, private readonly ledger: LedgerRepository, private readonly read: ReadLedger, private readonly reciprocity: ReadReciprocity,
    private readonly terms: ReciprocityTermsRepository,
  ) {}

  /**
   * Entries of the capacity ledger, in the order in which they were made: minutes of appointment time that went out of (below zero) or came into an account of a practice, two entries to a posting. `from` (inclusive)
   * and `to` (exclusive) are instants at which they were made; `day` is the date, at the site, that the time is of. A practice sees what is of its own calendar and of its own visits at partners, and of other
   * parties of its agreements what they offered and withdrew. `format=csv` gives all of them in one answer (RFC 4180, UTF-8, with a header line); `limit` and `cursor` are for JSON.
   */
  @Get()
  @Permits('agreements:read')
  @ApiProduces('application/json', 'text/csv')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(linesQuery) asked: LinesQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const [at, posting, side] = startOf(asked, place) ?? [];
    const actor = readerOf(caller);
    const first = await this.page(actor, asked, at !== undefined && posting !== undefined && side !== undefined ? { at, posting, side } : null, asked.format === 'csv' ? PAGE : asked.limit);
    if (asked.format === 'json') return { items: first.lines.map(viewOfLine), nextCursor: first.next && Buffer.from(`${formatInstant(first.next.at)} ${first.next.posting} ${first.next.side}`).toString('base64url') };
    void reply.headers({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="capacity-ledger.csv"', 'cache-control': 'no-store' });
    void reply.send(Readable.from(this.csv(actor, asked, first), { objectMode: false }));
    return reply;
  }

  /**
   * Balances of every party of the agreements that the caller's practice is a party of, in minutes and hours: of the dates `from` to `to` (both inclusive, at the site), as known `at` (now; of other parties always now). Of a host: `offered` to
   * partners, of that `withdrawnLate`, `takenBack` (by its own patients before it returned), `returned` unused, `open` (still to come, or booked no more). Of a practice that books: `booked`, `used`, `wasted`.
   * Of other parties whole months that are over alone, and null where it, or the difference to another range, would tell of fewer than 11 visits: where a month of the range has some, and under 11.
   */
  @Get('balances')
  @Permits('agreements:read')
  async balances(@CurrentCaller() caller: Caller, @ZodQuery(totalsQuery) { agreement, from, to, at = this.clock.now() }: z.output<typeof totalsQuery>) {
    const isNetwork = caller.actor.practice === null;
    return this.work.run(readerOf(caller), async (tx) => {
      const items: ReturnType<typeof viewOfTotals>[] = [];
      for (const id of await this.terms.agreements(tx, agreement ?? null)) for (const party of await this.read.totals(tx, id, { first: from, last: to, at }, isNetwork)) items.push(viewOfTotals(id, party));
      return { at: formatInstant(at), items, nextCursor: null };
    });
  }

  /**
   * Give and take of the parties of agreements that name a band of reciprocity: hours offered (less what was withdrawn or taken back) beside hours filled, hours taken of others, the balance, and where a party took more
   * than the band lets, what its quotas might become, as a proposal: nothing follows of itself, no referral is counted and no money is owed. Dates that are over; of other parties whole months, and hidden where a month has some visits, and under 11.
   */
  @Get('reciprocity')
  @Permits('agreements:read')
  async balance(@CurrentCaller() caller: Caller, @ZodQuery(agreementQuery) { agreement }: z.output<typeof agreementQuery>) {
    const isNetwork = caller.actor.practice === null;
    return this.work.run(readerOf(caller), async (tx) => {
      const items: Awaited<ReturnType<ReadReciprocity['of']>>[] = [];
      for (const { id, terms } of await this.terms.inForce(tx, agreement ?? null, tx.now)) items.push(await this.reciprocity.of(tx, id, terms, isNetwork));
      return { asOf: formatInstant(tx.now), items, nextCursor: null };
    });
  }

  /** One posting with both of its lines and what made it: a date of a host's shared calendar, or a visit, as far as the caller may read it. 404: it is none of the caller's practice. */
  @Get('entries/:id')
  @Permits('agreements:read')
  async entry(@CurrentCaller() caller: Caller, @ZodParam('id', z.uuid()) id: string) {
    return this.work.run(readerOf(caller), (tx) => this.read.entry(tx, id));
  }

  private async *csv(actor: Actor, asked: LinesQuery, first: Awaited<ReturnType<LedgerController['page']>>): AsyncGenerator<string, void, void> {
    yield csvOf(columns, []);
    for (let page = first; ; page = await this.page(actor, asked, page.next, PAGE)) {
      if (page.lines.length > 0) yield csvRows(columns, page.lines.map((line) => ({ ...viewOfLine(line), cause: line.causeKind, causeId: line.causeId })));
      if (page.next === null) return;
    }
  }

  private async page(actor: Actor, asked: LinesQuery, after: LinePlace | null, limit: number): Promise<{ readonly lines: LedgerLine[]; readonly next: LinePlace | null }> {
    const found = await this.work.run(actor, (tx) => this.ledger.list(tx, asked, { after, limit: limit + 1 }));
    const lines = found.slice(0, limit);
    const last = lines.at(-1);
    return { lines, next: found.length > limit && last ? { at: last.at, posting: last.posting, side: last.side } : null };
  }
}

const viewOfLine = (line: LedgerLine) => ({
  posting: line.posting, at: formatInstant(line.at), day: line.day, agreement: line.agreement, ...viewOfSide(line), host: line.host, booking: line.booking, cause: { kind: line.causeKind, id: line.causeId },
});
const amount = (minutes: number | null) => (minutes === null ? null : { minutes, hours: hoursOf(slotMinutes(minutes)) });
const viewOfTotals = (agreement: string, party: PartyTotals) => ({
  agreement, practice: party.practice, from: party.firstDay, to: party.lastDay, offered: amount(party.offered), withdrawnLate: amount(party.withdrawn), takenBack: amount(party.takenBack), open: amount(party.open),
  returned: amount(party.returned), booked: amount(party.booked), used: amount(party.used), wasted: amount(party.wasted),
});
