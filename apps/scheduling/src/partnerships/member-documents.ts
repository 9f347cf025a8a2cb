import { Injectable } from '@nestjs/common';
import { type Instant, type LocalDate, type PracticeId, type Zone, addDays, localDateOf, newId, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { PapersMissing } from '../agreements/domain/agreement.errors';
import { DocumentUnknown, DocumentWithdrawn, NotSignedYet, OwnerNotStaff } from './partnership.errors';

/** What each member must have signed: its business associate agreement (45 CFR 164.504(e)), the check of who owns the practice, the check of its state's law. */
export const documentKinds = ['baa', 'ownership', 'state-law'] as const;
export type DocumentKind = (typeof documentKinds)[number];
const CALLED: Readonly<Record<DocumentKind, string>> = { baa: 'business associate agreement', ownership: 'ownership check', 'state-law': 'state-law check' };

export interface MemberDocument {
  readonly id: string;
  readonly practice: PracticeId;
  readonly kind: DocumentKind;
  readonly title: string;
  /** Where it lies; a reference, never the document itself. */
  readonly document: string;
  readonly sha256: string;
  /** Who sees to it that it is renewed: staff of the practice. */
  readonly owner: string;
  readonly signedOn: LocalDate;
  /** It holds to the end of this date, in UTC. */
  readonly expiresOn: LocalDate;
  readonly withdrawnReason: string | null;
}
export type NewDocument = Pick<MemberDocument, 'kind' | 'title' | 'document' | 'sha256' | 'owner' | 'signedOn' | 'expiresOn'>;
export interface PaperStanding {
  readonly practice: PracticeId;
  readonly kind: DocumentKind;
  readonly state: 'valid' | 'expiring' | 'missing';
  readonly expiresOn: LocalDate | null;
  readonly owner: string | null;
}
const SELECT = `SELECT id, practice_id AS practice, kind, title, document, sha256, owner, signed_on::text AS "signedOn", expires_on::text AS "expiresOn", withdrawn_reason AS "withdrawnReason" FROM member_document`;
const UTC = 'UTC' as Zone;
/** Renewing a contract takes weeks. */
const WARNS_DAYS_BEFORE = 60;

/** Papers without which a practice neither signs nor shares. They are added and withdrawn, never changed. */
@Injectable()
export class MemberDocuments {
  async list(sql: Sql, by: { readonly practice: PracticeId | null; readonly after: string | null; readonly limit: number }): Promise<MemberDocument[]> {
    return sql.query<MemberDocument>(`${SELECT} WHERE ($1::text IS NULL OR practice_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`, [by.practice, by.after, by.limit]);
  }

  async find(sql: Sql, id: string): Promise<MemberDocument> {
    const [found] = await sql.query<MemberDocument>(`${SELECT} WHERE id = $1`, [id]);
    if (!found) throw new DocumentUnknown();
    return found;
  }

  /** Throws NotSignedYet, OwnerNotStaff. */
  async add(tx: Tx, practice: PracticeId, by: string, document: NewDocument): Promise<string> {
    if (document.signedOn > localDateOf(tx.now, UTC)) throw new NotSignedYet();
    const [owner] = await tx.query(`SELECT 1 FROM staff WHERE subject = $1 AND practice_id = $2 AND active`, [document.owner, practice]);
    if (!owner) throw new OwnerNotStaff();
    const id = newId();
    await tx.execute(`INSERT INTO member_document (id, practice_id, kind, title, document, sha256, owner, signed_on, expires_on, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [id, practice, document.kind, document.title, document.document, document.sha256, document.owner, document.signedOn, document.expiresOn, toDate(tx.now), by]);
    tx.audit.record({ action: 'member-document.added', entity: 'member-document', entityId: id, details: { kind: document.kind, expiresOn: document.expiresOn } });
    return id;
  }

  /** Throws DocumentUnknown (also for a partner's), DocumentWithdrawn. */
  async withdraw(tx: Tx, practice: PracticeId, by: string, id: string, reason: string): Promise<void> {
    const document = await this.find(tx, id);
    if (document.practice !== practice) throw new DocumentUnknown();
    const done = await tx.execute(`UPDATE member_document SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_reason = $4 WHERE id = $1 AND withdrawn_at IS NULL`, [id, toDate(tx.now), by, reason]);
    if (done === 0) throw new DocumentWithdrawn();
    tx.audit.record({ action: 'member-document.withdrawn', entity: 'member-document', entityId: id, details: { kind: document.kind } });
  }

  /** How each kind stands at an instant, for each practice. */
  async standing(sql: Sql, practices: readonly PracticeId[], at: Instant): Promise<PaperStanding[]> {
    const day = localDateOf(at, UTC);
    const rows = await sql.query<{ practice: PracticeId; kind: DocumentKind; owner: string; expiresOn: LocalDate }>(
      `SELECT DISTINCT ON (practice_id, kind) practice_id AS practice, kind, owner, expires_on::text AS "expiresOn" FROM member_document
       WHERE practice_id = ANY ($1) AND withdrawn_at IS NULL AND signed_on <= $2::date AND expires_on >= $2::date ORDER BY practice_id, kind, expires_on DESC`, [[...practices], day]);
    return practices.flatMap((practice) => documentKinds.map((kind): PaperStanding => {
      const held = rows.find((row) => row.practice === practice && row.kind === kind);
      if (!held) return { practice, kind, state: 'missing', expiresOn: null, owner: null };
      return { practice, kind, state: held.expiresOn < addDays(day, WARNS_DAYS_BEFORE) ? 'expiring' : 'valid', expiresOn: held.expiresOn, owner: held.owner };
    }));
  }

  /** Throws PapersMissing where one is not there at that instant. */
  async require(sql: Sql, practice: PracticeId, at: Instant): Promise<void> {
    const missing = (await this.standing(sql, [practice], at)).filter(({ state }) => state === 'missing');
    if (missing.length > 0) throw new PapersMissing(practice, missing.map(({ kind }) => CALLED[kind]));
  }
}
