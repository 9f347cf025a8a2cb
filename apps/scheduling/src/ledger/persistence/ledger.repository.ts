import { Injectable } from '@nestjs/common';
import { agreementId, localDate, practiceId } from '@slotmesh/contracts';
import { type AgreementId, type Instant, type LocalDate, type PracticeId, formatInstant, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type Account, type Posting, postingId } from '../domain/posting';
import { slotMinutes } from '../domain/slot-minutes';
import type { VisitStanding } from '../domain/visit-postings';

/** One side of a posting. */
export interface LedgerLine {
  readonly posting: string;
  readonly side: -1 | 1;
  readonly agreement: AgreementId;
  readonly practice: PracticeId;
  readonly account: Account;
  readonly minutes: number;
  readonly host: PracticeId;
  readonly booking: PracticeId | null;
  readonly day: LocalDate;
  readonly at: Instant;
  readonly causeKind: 'shared-day' | 'visit';
  readonly causeId: string;
}
export interface LineSearch {
  readonly agreement?: AgreementId | undefined;
  readonly practice?: PracticeId | undefined;
  readonly account?: Account | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}
export interface LinePlace {
  readonly at: Instant;
  readonly posting: string;
  readonly side: number;
}
type Row = Omit<LedgerLine, 'at'> & { readonly at: Date };
const SELECT = 'SELECT posting_id AS posting, side, agreement_id AS agreement, practice_id AS practice, account, minutes, host_id AS host, booking_id AS booking, day::text AS day, at, cause_kind AS "causeKind", cause_id AS "causeId" FROM ledger_line';
const lineOf = (row: Row): LedgerLine => ({ ...row, at: instantOfDate(row.at) });

@Injectable()
export class LedgerRepository {
  /** Adds what is not there yet, both lines of a posting or none; what is there stays as it is. Returns how many lines were added. */
  async add(sql: Sql, postings: readonly Posting[]): Promise<number> {
    if (postings.length === 0) return 0;
    const lines = postings.flatMap(({ cause, from, to, minutes, at, ...posting }) => {
      const common = { posting_id: postingId(cause), agreement_id: posting.agreement, host_id: posting.host, booking_id: posting.booking, day: posting.day, at: formatInstant(at), cause_kind: cause.kind, cause_id: cause.id, step: cause.step, part: cause.part };
      return [{ ...common, side: -1, practice_id: from.practice, account: from.account, minutes: -minutes }, { ...common, side: 1, practice_id: to.practice, account: to.account, minutes }];
    });
    return sql.execute(
      `INSERT INTO ledger_line (posting_id, side, agreement_id, practice_id, account, minutes, host_id, booking_id, day, at, cause_kind, cause_id, step, part)
       SELECT l.posting_id, l.side, l.agreement_id, l.practice_id, l.account, l.minutes, l.host_id, l.booking_id, l.day, l.at, l.cause_kind, l.cause_id, l.step, l.part
       FROM jsonb_to_recordset($1::jsonb) AS l(posting_id uuid, side smallint, agreement_id uuid, practice_id text, account text, minutes int, host_id text, booking_id text, day date, at timestamptz, cause_kind text, cause_id uuid, step int, part smallint)
       ON CONFLICT DO NOTHING`, [JSON.stringify(lines)]);
  }

  /** Where the minutes of visits lie after their last postings, and by which of their events. */
  async visits(sql: Sql, ids: readonly string[]): Promise<Map<string, { readonly standing: VisitStanding | null; readonly step: number }>> {
    const rows = await sql.query<{ cause_id: string; step: number; account: string; agreement_id: string; host_id: string; booking_id: string; day: string; minutes: number }>(
      `SELECT DISTINCT ON (cause_id) cause_id, step, account, agreement_id, host_id, booking_id, day::text, minutes FROM ledger_line WHERE cause_kind = 'visit' AND cause_id = ANY ($1::uuid[]) AND side = 1 ORDER BY cause_id, step DESC, part DESC`, [ids]);
    return new Map(rows.map((row) => {
      const { account } = row;
      const place = { agreement: agreementId.parse(row.agreement_id), host: practiceId.parse(row.host_id), booking: practiceId.parse(row.booking_id), day: localDate.parse(row.day), minutes: slotMinutes(row.minutes) };
      // Why by name: what was called off after its date is over lies in `wasted`, too, and stays there.
      return [row.cause_id, { step: row.step, standing: account === 'booked' || account === 'used' || account === 'wasted' ? { account, ...place } : null }];
    }));
  }

  /** In the order in which they were made. `from` inclusive, `to` exclusive. */
  async list(sql: Sql, by: LineSearch, page: { readonly after: LinePlace | null; readonly limit: number }): Promise<LedgerLine[]> {
    const rows = await sql.query<Row>(
      `${SELECT} WHERE ($1::uuid IS NULL OR agreement_id = $1) AND ($2::text IS NULL OR practice_id = $2) AND ($3::text IS NULL OR account = $3) AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
         AND ($6::timestamptz IS NULL OR (at, posting_id, side) > ($6, $7::uuid, $8::smallint)) ORDER BY at, posting_id, side LIMIT $9`,
      [by.agreement ?? null, by.practice ?? null, by.account ?? null, dateOf(by.from), dateOf(by.to), dateOf(page.after?.at), page.after?.posting ?? null, page.after?.side ?? null, page.limit]);
    return rows.map(lineOf);
  }

  async posting(sql: Sql, id: string): Promise<LedgerLine[]> {
    return (await sql.query<Row>(`${SELECT} WHERE posting_id = $1 ORDER BY side`, [id])).map(lineOf);
  }
}

const dateOf = (at: Instant | undefined): Date | null => (at === undefined ? null : toDate(at));
