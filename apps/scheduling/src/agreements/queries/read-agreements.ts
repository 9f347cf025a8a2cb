import { Injectable } from '@nestjs/common';
import { type AgreementId, type PartnershipId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { AgreementUnknown, VersionUnknown } from '../domain/agreement.errors';
import { type AgreementStatus, type AgreementStep, awaited, stepsOf } from '../domain/agreement-version';
import { differenceOf, type TermsChange } from '../domain/terms-difference';
import { priceOfReturn } from '../domain/price-of-return';
import type { AgreementTerms } from '../persistence/agreement-terms.schema';
import { AgreementVersionRepository, type Notice, type StoredVersion } from '../persistence/agreement-version.repository';

export interface VersionSummary {
  readonly version: number; readonly status: AgreementStatus; readonly effectiveFrom: string; readonly effectiveTo: string | null; readonly hash: string | null; readonly draftedFor: PracticeId;
  readonly endedBecause: string | null; readonly endedNote: string | null;
}
export interface VersionView extends VersionSummary {
  readonly agreement: AgreementId; readonly basedOn: number; readonly revision: number; readonly authors: readonly string[]; readonly proposedBy: string | null; readonly proposedAt: string | null; readonly affected: readonly PracticeId[];
  readonly signatures: readonly { readonly practice: PracticeId; readonly subject: string; readonly step: string; readonly signedAt: string }[];
  /** Whose signature comes next, while it is proposed. */
  readonly awaited: readonly { readonly practice: PracticeId; readonly step: string }[];
  readonly allowed: readonly AgreementStep[];
  readonly terms: AgreementTerms;
  /** What the return of unused time costs, by the ids of rules. */
  readonly priceOfReturn: Readonly<Record<string, string>>;
  /** What it changes of the version that it is based on; everything where it is the first. */
  readonly difference: readonly TermsChange[];
}
export interface AgreementView extends VersionView {
  readonly id: AgreementId; readonly partnership: PartnershipId; readonly name: string; readonly practices: readonly PracticeId[]; readonly blackoutDates: AgreementTerms['blackoutDates']; readonly rules: AgreementTerms['rules'];
  readonly versions: readonly VersionSummary[]; readonly notices: readonly ReturnType<typeof noticeView>[];
}

/** Agreements as people read them: the version in force, or the newest one where none is, and the list of all. */
@Injectable()
export class ReadAgreements {
  constructor(private readonly versions: AgreementVersionRepository) {}

  /** `reader`: the practice that reads; null for operators and services, who see no drafts. */
  async list(sql: Sql, reader: PracticeId | null, after: string | null, limit: number): Promise<AgreementView[]> {
    const ids = await sql.query<{ id: AgreementId }>(`SELECT id FROM agreement WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR $2 = ANY (practices)) ORDER BY id LIMIT $3`, [after, reader, limit]);
    return this.views(sql, reader, ids.map(({ id }) => id));
  }

  /** Throws AgreementUnknown. */
  async one(sql: Sql, reader: PracticeId | null, id: AgreementId): Promise<AgreementView> {
    const [view] = await this.views(sql, reader, (await sql.query<{ id: AgreementId }>(`SELECT id FROM agreement WHERE id = $1 AND ($2::text IS NULL OR $2 = ANY (practices))`, [id, reader])).map((row) => row.id));
    if (!view) throw new AgreementUnknown();
    return view;
  }

  /** Throws AgreementUnknown, VersionUnknown. */
  async version(sql: Sql, reader: PracticeId | null, id: AgreementId, version: number, against: number | null = null): Promise<VersionView> {
    const all = await this.readable(sql, reader, [id]);
    if (all.length === 0) throw new AgreementUnknown();
    const found = all.find((one) => one.version === version);
    if (!found || (against !== null && !all.some((one) => one.version === against))) throw new VersionUnknown();
    return viewOf(found, all, against ?? found.basedOn);
  }

  private async readable(sql: Sql, reader: PracticeId | null, ids: readonly AgreementId[]): Promise<StoredVersion[]> {
    return (await this.versions.ofAgreements(sql, ids, reader)).filter(({ status }) => reader !== null || status !== 'draft');
  }

  private async views(sql: Sql, reader: PracticeId | null, ids: readonly AgreementId[]): Promise<AgreementView[]> {
    const all = await this.readable(sql, reader, ids);
    const notices = await this.versions.noticesOf(sql, ids);
    return ids.flatMap((id) => {
      const own = all.filter(({ agreement }) => agreement === id);
      const shown = own.find(({ status }) => status === 'in-force') ?? own.at(-1);
      if (!shown) return [];
      return [{
        id, partnership: shown.partnership, name: shown.terms.name, practices: shown.practices, blackoutDates: shown.terms.blackoutDates, rules: shown.terms.rules, ...viewOf(shown, own, shown.basedOn),
        versions: own.map(summaryOf), notices: notices.filter(({ agreement }) => agreement === id).map(noticeView),
      }];
    });
  }
}

const summaryOf = (one: StoredVersion): VersionSummary => ({
  version: one.version, status: one.status, effectiveFrom: formatInstant(one.effectiveFrom), effectiveTo: one.effectiveTo === null ? null : formatInstant(one.effectiveTo), hash: one.hash, draftedFor: one.draftedFor,
  endedBecause: one.endedBecause, endedNote: one.endedNote,
});

const viewOf = (one: StoredVersion, all: readonly StoredVersion[], against: number): VersionView => ({
  ...summaryOf(one), agreement: one.agreement, basedOn: one.basedOn, revision: one.revision, authors: one.authors, proposedBy: one.proposedBy, proposedAt: one.proposedAt === null ? null : formatInstant(one.proposedAt), affected: one.affected,
  signatures: one.signatures.map((signature) => ({ ...signature, signedAt: formatInstant(signature.signedAt) })), awaited: one.status === 'proposed' ? awaited(one) : [], allowed: stepsOf(one.status), terms: one.terms,
  priceOfReturn: Object.fromEntries(one.terms.rules.map(({ id, returnsHoursBefore }) => [id, priceOfReturn(returnsHoursBefore)])),
  difference: differenceOf(all.find(({ version }) => version === against)?.terms ?? null, one.terms),
});

const noticeView = (notice: Notice) => ({
  practice: notice.practice, reason: notice.reason, givenBy: notice.givenBy, givenAt: formatInstant(notice.givenAt), confirmedBy: notice.confirmedBy, endsAt: notice.endsAt === null ? null : formatInstant(notice.endsAt),
});
