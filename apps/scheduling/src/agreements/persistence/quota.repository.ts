import { Injectable } from '@nestjs/common';
import { type AgreementId, type LocalDate, type PracticeId, newId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { QuotaClaim, ShareFacts } from '../domain/share-rule';

/** How many shared visits a rule has let through on a date. */
@Injectable()
export class QuotaRepository {
  /** A look-up for the pure function, for dates between the two, both inclusive. */
  async used(sql: Sql, agreements: readonly AgreementId[], first: LocalDate, last: LocalDate): Promise<ShareFacts['used']> {
    if (agreements.length === 0) return () => 0;
    const rows = await sql.query<{ rule: string; day: LocalDate; used: number }>(
      `SELECT rule, day::text, used FROM quota_use WHERE agreement_id = ANY ($1::uuid[]) AND day BETWEEN $2::date AND $3::date`, [[...agreements], first, last]);
    const counts = new Map(rows.map((row) => [`${row.rule}/${row.day}`, row.used]));
    return (rule, date) => counts.get(`${rule.id}/${date}`) ?? 0;
  }

  /** Counts one up for each claim, in one order; returns the rows to give back later, or null where one was already full. */
  async claim(sql: Sql, agreement: AgreementId | null, host: PracticeId, claims: readonly QuotaClaim[]): Promise<string[] | null> {
    const taken: string[] = [];
    if (agreement === null) return taken;
    for (const claim of [...claims].sort((a, b) => (a.rule < b.rule ? -1 : 1))) {
      await sql.execute(`INSERT INTO quota_use (id, agreement_id, rule, host_id, day) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, [newId(), agreement, claim.rule, host, claim.date]);
      const [row] = await sql.query<{ id: string }>(
        `UPDATE quota_use SET used = used + 1 WHERE agreement_id = $1 AND rule = $2 AND host_id = $3 AND day = $4 AND used < $5 RETURNING id`, [agreement, claim.rule, host, claim.date, claim.quota]);
      if (!row) return null;
      taken.push(row.id);
    }
    return taken;
  }

  async giveBack(sql: Sql, ids: readonly string[]): Promise<void> {
    for (const id of [...ids].sort()) await sql.execute(`UPDATE quota_use SET used = greatest(used - 1, 0) WHERE id = $1`, [id]);
  }
}
