import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type PartnershipId, type PracticeId, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { AgreementStatus, EndedBecause, Signature, VersionToSign } from '../domain/agreement-version';
import { hashOfTerms } from '../domain/terms-hash';
import { type AgreementTerms, agreementTerms } from './agreement-terms.schema';

export interface StoredVersion extends VersionToSign {
  readonly partnership: PartnershipId;
  readonly practices: readonly PracticeId[];
  /** Null: no end is set. Of a version that never came into force it is its beginning. */
  readonly effectiveTo: Instant | null;
  readonly terms: AgreementTerms;
  /** The version that was agreed when this was drafted; 0: none. */
  readonly basedOn: number;
  readonly draftedFor: PracticeId;
  readonly draftedAt: Instant;
  readonly proposedBy: string | null;
  readonly proposedAt: Instant | null;
  readonly endedBecause: EndedBecause | null;
  readonly endedNote: string | null;
  /** Rises with each change of a draft; its ETag. */
  readonly revision: number;
}
export interface Notice {
  readonly practice: PracticeId;
  readonly reason: string;
  readonly givenBy: string;
  readonly givenAt: Instant;
  readonly confirmedBy: string | null;
  readonly endsAt: Instant | null;
}

interface VersionRow {
  agreement_id: AgreementId; partnership_id: PartnershipId; version: number; based_on: number; status: AgreementStatus; practices: PracticeId[]; effective_from: Date; effective_to: Date | null; terms: unknown; hash: string | null;
  drafted_for: PracticeId; authors: string[]; drafted_at: Date; revision: number; affected: PracticeId[]; proposed_by: string | null; proposed_at: Date | null; ended_because: EndedBecause | null; ended_note: string | null;
  signatures: { practice: PracticeId; subject: string; step: Signature['step']; signedAt: string }[] | null;
}
const SELECT = `SELECT v.*, a.partnership_id, (SELECT jsonb_agg(jsonb_build_object('practice', s.practice_id, 'subject', s.subject, 'step', s.step, 'signedAt', s.signed_at) ORDER BY s.signed_at, s.practice_id)
  FROM agreement_signature s WHERE s.agreement_id = v.agreement_id AND s.version = v.version) AS signatures FROM agreement_version v JOIN agreement a ON a.id = v.agreement_id`;

/** Versions of agreements, whole, for the people who make them. What decides about sharing reads AgreementRepository. */
@Injectable()
export class AgreementVersionRepository {
  /** Locks the agreement: whoever changes one of its versions comes one after the other. Null where the practice is no party. */
  async lock(sql: Sql, id: AgreementId, party: PracticeId): Promise<boolean> {
    return (await sql.query(`SELECT id FROM agreement WHERE id = $1 AND $2 = ANY (practices) FOR NO KEY UPDATE`, [id, party])).length > 0;
  }

  /** As `reader` may see them: a draft is its practice's own. Null reads all (operators and services). Oldest first. */
  async ofAgreements(sql: Sql, ids: readonly AgreementId[], reader: PracticeId | null): Promise<StoredVersion[]> {
    if (ids.length === 0) return [];
    const rows = await sql.query<VersionRow>(`${SELECT} WHERE v.agreement_id = ANY ($1::uuid[]) AND ($2::text IS NULL OR ($2 = ANY (v.practices || v.affected) AND v.status <> 'draft') OR v.drafted_for = $2) ORDER BY v.agreement_id, v.version`, [[...ids], reader]);
    return rows.map(versionOf);
  }

  async all(sql: Sql, id: AgreementId): Promise<StoredVersion[]> {
    return this.ofAgreements(sql, [id], null);
  }

  async draft(sql: Sql, v: Pick<StoredVersion, 'agreement' | 'version' | 'basedOn' | 'terms' | 'draftedFor' | 'draftedAt'>, author: string): Promise<void> {
    await sql.execute(`INSERT INTO agreement_version (agreement_id, version, based_on, status, practices, effective_from, effective_to, terms, drafted_for, authors, drafted_at) VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7::jsonb, $8, $9, $10)`,
      [v.agreement, v.version, v.basedOn, v.terms.practices, v.terms.effectiveFrom, v.terms.endsAt, JSON.stringify(v.terms), v.draftedFor, [author], toDate(v.draftedAt)]);
  }

  /** What holds without a proposal: the sample's agreement, and what a publication opens to all. Returns false where the agreement is there already. */
  async addInForce(sql: Sql, v: Pick<StoredVersion, 'agreement' | 'partnership' | 'terms' | 'draftedFor' | 'draftedAt'>): Promise<boolean> {
    const { practices, name, effectiveFrom, endsAt } = v.terms;
    const added = await sql.execute(`INSERT INTO agreement (id, partnership_id, version, practices, name, drafted_for) VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT DO NOTHING`, [v.agreement, v.partnership, practices, name, v.draftedFor]);
    if (added === 0) return false;
    await sql.execute(`INSERT INTO agreement_version (agreement_id, version, status, practices, effective_from, effective_to, terms, hash, drafted_for, authors, drafted_at, affected) VALUES ($1, 1, 'in-force', $2, $3, $4, $5::jsonb, $6, $7, '{}', $8, $2)`,
      [v.agreement, practices, effectiveFrom, endsAt, JSON.stringify(v.terms), hashOfTerms(v.terms), v.draftedFor, toDate(v.draftedAt)]);
    return true;
  }

  async rewrite(sql: Sql, agreement: AgreementId, version: number, terms: AgreementTerms, author: string): Promise<void> {
    await sql.execute(`UPDATE agreement_version SET practices = $3, effective_from = $4, effective_to = $5, terms = $6::jsonb, authors = ARRAY (SELECT DISTINCT unnest(authors || $7::text)), revision = revision + 1 WHERE agreement_id = $1 AND version = $2`,
      [agreement, version, terms.practices, terms.effectiveFrom, terms.endsAt, JSON.stringify(terms), author]);
  }

  async discard(sql: Sql, agreement: AgreementId, version: number): Promise<void> {
    await sql.execute(`DELETE FROM agreement_version WHERE agreement_id = $1 AND version = $2 AND status = 'draft'`, [agreement, version]);
    await sql.execute(`DELETE FROM agreement a WHERE a.id = $1 AND NOT EXISTS (SELECT FROM agreement_version v WHERE v.agreement_id = a.id)`, [agreement]);
  }

  async propose(sql: Sql, agreement: AgreementId, version: number, as: { readonly hash: string; readonly affected: readonly PracticeId[]; readonly by: string; readonly at: Instant }): Promise<void> {
    await sql.execute(`UPDATE agreement_version SET status = 'proposed', hash = $3, affected = $4, proposed_by = $5, proposed_at = $6 WHERE agreement_id = $1 AND version = $2`, [agreement, version, as.hash, [...as.affected], as.by, toDate(as.at)]);
    await sql.execute(`UPDATE agreement SET practices = ARRAY (SELECT DISTINCT unnest(practices || $2::text[]) ORDER BY 1) WHERE id = $1`, [agreement, [...as.affected]]);
  }

  async sign(sql: Sql, { agreement, version, hash, affected }: Pick<StoredVersion, 'agreement' | 'version' | 'hash' | 'affected'>, signature: Signature): Promise<void> {
    await sql.execute(`INSERT INTO agreement_signature (agreement_id, version, practice_id, subject, step, hash, signed_at, practices) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [agreement, version, signature.practice, signature.subject, signature.step, hash, toDate(signature.signedAt), [...affected]]);
  }

  async setStatus(sql: Sql, agreement: AgreementId, version: number, status: AgreementStatus): Promise<void> {
    await sql.execute(`UPDATE agreement_version SET status = $3 WHERE agreement_id = $1 AND version = $2`, [agreement, version, status]);
    if (status === 'in-force') await sql.execute(`UPDATE agreement SET version = $2, name = (SELECT v.terms->>'name' FROM agreement_version v WHERE v.agreement_id = $1 AND v.version = $2) WHERE id = $1`, [agreement, version]);
  }

  /** Brings the end of a version forward; it is never put off by this. */
  async endBy(sql: Sql, agreement: AgreementId, version: number, at: Instant): Promise<void> {
    await sql.execute(`UPDATE agreement_version SET effective_to = greatest(effective_from, least(effective_to, $3)) WHERE agreement_id = $1 AND version = $2`, [agreement, version, toDate(at)]);
  }

  /** The end that its own terms or a notice say: what was to take over does not. */
  async restoreEnd(sql: Sql, agreement: AgreementId, version: number): Promise<Instant | null> {
    const [row] = await sql.query<{ until: Date | null }>(
      `UPDATE agreement_version v SET effective_to = least((v.terms->>'endsAt')::timestamptz, (SELECT min(n.ends_at) FROM agreement_notice n WHERE n.agreement_id = v.agreement_id)) WHERE v.agreement_id = $1 AND v.version = $2 AND v.status = 'in-force' RETURNING v.effective_to AS until`, [agreement, version]);
    return row?.until ? instantOfDate(row.until) : null;
  }

  /** A proposal that comes to nothing was never in force. */
  async end(sql: Sql, agreement: AgreementId, version: number, because: EndedBecause, note: string | null): Promise<void> {
    await sql.execute(`UPDATE agreement_version SET status = 'terminated', ended_because = $3, ended_note = $4, effective_to = CASE WHEN $3 IN ('notice', 'term') THEN effective_to ELSE effective_from END WHERE agreement_id = $1 AND version = $2`, [agreement, version, because, note]);
  }

  async noticesOf(sql: Sql, ids: readonly AgreementId[]): Promise<(Notice & { readonly agreement: AgreementId })[]> {
    const rows = await sql.query<{ agreement_id: AgreementId; practice_id: PracticeId; reason: string; given_by: string; given_at: Date; confirmed_by: string | null; ends_at: Date | null }>(
      `SELECT agreement_id, practice_id, reason, given_by, given_at, confirmed_by, ends_at FROM agreement_notice WHERE agreement_id = ANY ($1::uuid[]) ORDER BY given_at, practice_id`, [[...ids]]);
    return rows.map((row) => ({ agreement: row.agreement_id, practice: row.practice_id, reason: row.reason, givenBy: row.given_by, givenAt: instantOfDate(row.given_at), confirmedBy: row.confirmed_by, endsAt: row.ends_at && instantOfDate(row.ends_at) }));
  }

  async giveNotice(sql: Sql, agreement: AgreementId, parties: readonly PracticeId[], notice: Pick<Notice, 'practice' | 'reason' | 'givenBy' | 'givenAt'>): Promise<void> {
    await sql.execute(`INSERT INTO agreement_notice (agreement_id, practice_id, practices, reason, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6)`, [agreement, notice.practice, [...parties], notice.reason, notice.givenBy, toDate(notice.givenAt)]);
  }

  async confirmNotice(sql: Sql, agreement: AgreementId, practice: PracticeId, by: string, at: Instant, endsAt: Instant): Promise<void> {
    await sql.execute(`UPDATE agreement_notice SET confirmed_by = $3, confirmed_at = $4, ends_at = $5 WHERE agreement_id = $1 AND practice_id = $2`, [agreement, practice, by, toDate(at), toDate(endsAt)]);
  }

  /** Agreements with a version whose beginning or end has come: to be put in force, lapsed, superseded or ended. */
  async due(sql: Sql, now: Instant, limit: number): Promise<AgreementId[]> {
    return (await sql.query<{ id: AgreementId }>(
      `SELECT DISTINCT agreement_id AS id FROM agreement_version WHERE (status IN ('proposed', 'approved') AND effective_from <= $1) OR (status = 'in-force' AND effective_to <= $1) ORDER BY 1 LIMIT $2`, [toDate(now), limit])).map(({ id }) => id);
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [row] = await sql.query<{ at: Date | null }>(`SELECT least(min(effective_from) FILTER (WHERE status IN ('proposed', 'approved')), min(effective_to) FILTER (WHERE status = 'in-force')) AS at FROM agreement_version`);
    return row?.at ? instantOfDate(row.at) : null;
  }
}

const versionOf = (row: VersionRow): StoredVersion => ({
  agreement: row.agreement_id, partnership: row.partnership_id, version: row.version, basedOn: row.based_on, status: row.status, practices: row.practices, effectiveFrom: instantOfDate(row.effective_from), effectiveTo: row.effective_to && instantOfDate(row.effective_to),
  terms: agreementTerms.parse(row.terms), hash: row.hash, draftedFor: row.drafted_for, authors: row.authors, draftedAt: instantOfDate(row.drafted_at), revision: row.revision, affected: row.affected,
  proposedBy: row.proposed_by, proposedAt: row.proposed_at && instantOfDate(row.proposed_at), endedBecause: row.ended_because, endedNote: row.ended_note,
  signatures: (row.signatures ?? []).map((signature) => ({ ...signature, signedAt: instantOfDate(new Date(signature.signedAt)) })),
});
