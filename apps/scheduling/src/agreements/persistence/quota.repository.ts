import { Injectable } from '@nestjs/common';
import { type AgreementId, type LocalDate, type PracticeId, newId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { OVER_ALL } from '../domain/over-all';
import { type QuotaClaim, firstOf } from '../domain/share-limits';
import type { QuotaUse, ShareFacts } from '../domain/share-rule';

/** One count of one visit. */
export interface CountedUse extends QuotaUse {
  readonly id: string;
}

/** What one visit counts, in whose calendar. */
export interface VisitClaims {
  readonly host: PracticeId;
  readonly claims: readonly QuotaClaim[];
}

/** How many shared visits a rule has let through on a date. */
@Injectable()
export class QuotaRepository {
  /** A look-up for the pure function, for dates between the two, both inclusive. */
  async used(sql: Sql, agreements: readonly AgreementId[], first: LocalDate, last: LocalDate): Promise<ShareFacts['used']> {
    if (agreements.length === 0) return () => 0;
    const rows = await sql.query<QuotaUse & { used: number }>(
      `SELECT scope AS agreement, rule, host_id AS host, day::text AS date, period, used FROM quota_use WHERE scope = ANY ($1::uuid[]) AND day BETWEEN $2::date - 6 AND $3::date`, [[OVER_ALL, ...new Set(agreements)], first, last]);
    const counts = new Map(rows.map((row) => [keyOf(row), row.used]));
    return (use) => counts.get(keyOf(use)) ?? 0;
  }

  /** Counts one up for each claim, in one order; returns the rows to give back later, or null where one was already full. */
  private async claim(sql: Sql, host: PracticeId, claims: readonly QuotaClaim[]): Promise<string[] | null> {
    const taken: string[] = [];
    for (const claim of [...claims].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
      await sql.execute(`INSERT INTO quota_use (id, agreement_id, rule, host_id, day, period) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, [newId(), ownerOf(claim), claim.rule, host, claim.date, claim.period]);
      const [row] = await sql.query<{ id: string }>(
        `UPDATE quota_use SET used = used + 1 WHERE scope = $1 AND rule = $2 AND host_id = $3 AND day = $4 AND period = $6 AND used < $5 RETURNING id`, [claim.agreement, claim.rule, host, claim.date, claim.quota, claim.period]);
      if (!row) return null;
      taken.push(row.id);
    }
    return taken;
  }

  /** Which rules a visit counts under, and on which date. */
  async countedBy(sql: Sql, ids: readonly string[]): Promise<readonly CountedUse[]> {
    if (ids.length === 0) return [];
    return sql.query<CountedUse>(`SELECT id, scope AS agreement, rule, host_id AS host, day::text AS date, period FROM quota_use WHERE id = ANY ($1::uuid[]) ORDER BY id`, [ids]);
  }

  /** Gives back what a visit counted and claims what it counts at its new time, all rows locked in the one order first: two visits may change places. Null: full. */
  async move(sql: Sql, before: readonly string[], host: PracticeId, claims: readonly QuotaClaim[]): Promise<string[] | null> {
    const [counted = null] = await this.moveAll(sql, before, [{ host, claims }]);
    return counted;
  }

  /** The same for several visits at once: what all of them counted is given back before the first claims. Null for each whose quota is full. */
  async moveAll(sql: Sql, before: readonly string[], visits: readonly VisitClaims[]): Promise<(string[] | null)[]> {
    const after = await this.rowsOf(sql, visits.flatMap(({ host, claims }) => claims.map(({ agreement, rule, period, date }) => ({ agreement, rule, host, period, date }))));
    await this.lock(sql, [...before, ...after]);
    await this.giveBack(sql, before);
    const counted: (string[] | null)[] = [];
    for (const { host, claims } of visits) counted.push(await this.claim(sql, host, claims));
    return counted;
  }

  /**
   * The host moves a partner's visit in its own calendar: no quota stands in its way, but the visit stays a partner's, so it counts under the same rules on
   * its new date; otherwise every move of the host would let one visit more in than was agreed. `freed` is what holds in the way had counted.
   */
  async follow(sql: Sql, visits: readonly { readonly before: readonly string[]; readonly date: LocalDate }[], freed: readonly string[]): Promise<string[][]> {
    const before = visits.flatMap((visit) => visit.before);
    const uses = await this.countedBy(sql, before);
    const moved = visits.map((visit) => ({ ...visit, uses: uses.filter(({ id }) => visit.before.includes(id)) }));
    if (moved.every((visit) => visit.uses.every((use) => use.date === firstOf(use.period, visit.date))) && freed.length === 0) return visits.map((visit) => [...visit.before]);
    const after: string[][] = [];
    for (const visit of moved) after.push(await this.rowsOf(sql, visit.uses.map((use) => ({ ...use, date: firstOf(use.period, visit.date) }))));
    await this.lock(sql, [...before, ...after.flat(), ...freed]);
    await this.giveBack(sql, [...before, ...freed]);
    for (const id of after.flat()) await sql.execute(`UPDATE quota_use SET used = used + 1 WHERE id = $1`, [id]);
    return after;
  }

  private async rowsOf(sql: Sql, uses: readonly QuotaUse[]): Promise<string[]> {
    const ids: string[] = [];
    // Why in an order of its own: a row that is new has no id to lock by, and until the commit its key is as good as a lock.
    for (const use of [...uses].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
      const { agreement, rule, host, period, date } = use;
      await sql.execute(`INSERT INTO quota_use (id, agreement_id, rule, host_id, day, period) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, [newId(), ownerOf(use), rule, host, date, period]);
      const [row] = await sql.query<{ id: string }>(`SELECT id FROM quota_use WHERE scope = $1 AND rule = $2 AND host_id = $3 AND day = $4 AND period = $5`, [agreement, rule, host, date, period]);
      if (row) ids.push(row.id);
    }
    return ids.sort();
  }

  private async lock(sql: Sql, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await sql.query(`SELECT id FROM quota_use WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [ids]);
  }

  async giveBack(sql: Sql, ids: readonly string[]): Promise<void> {
    for (const id of [...ids].sort()) await sql.execute(`UPDATE quota_use SET used = greatest(used - 1, 0) WHERE id = $1`, [id]);
  }
}

/** Also the order in which counts are made. */
export const keyOf = (use: QuotaUse): string => `${use.date}/${use.agreement}/${use.host}/${use.rule}/${use.period}`;
const placeOf = ({ agreement, date, rule, period }: QuotaClaim): string => `${date}/${agreement}/${rule}/${period}`;
/** Null: of all agreements together. */
const ownerOf = ({ agreement }: Pick<QuotaUse, 'agreement'>): AgreementId | null => (agreement === OVER_ALL ? null : agreement);
