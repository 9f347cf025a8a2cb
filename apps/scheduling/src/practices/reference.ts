import { Injectable } from '@nestjs/common';
import type { EventDefinition, removal } from '@slotmesh/contracts';
import { DomainError, type PracticeId, newId } from '@slotmesh/kernel';
import { type Actor, type OutgoingEvent, type Tx, UnitOfWork, eventOf } from '@slotmesh/persistence';
import type { Caller } from '@slotmesh/security';
import { z } from 'zod';
import { type Page, type PageQuery, pageOf, startOf } from '../shared/page';
import { requireVersion } from '../shared/version-check';
import type { ReferenceRow, ReferenceTable } from './persistence/reference-table';

/** One kind of reference data: where it lies, how it reads, what it tells the other services. */
export interface ReferenceKind<Row extends ReferenceRow, Body, View> {
  readonly noun: string;
  readonly table: ReferenceTable<Row>;
  /** Read by its practice alone: partners meet what comes of it, as far as an agreement lets them (P7). */
  readonly ownOnly?: true;
  readonly rowOf: (body: Body, identity: ReferenceRow) => Row;
  /** `viewer` is the practice that looks, null for services and operators. */
  readonly viewOf: (row: Row, viewer: PracticeId | null) => View;
  /** Fills in what follows from elsewhere. */
  readonly complete?: (tx: Tx, row: Row) => Promise<Row>;
  /** Refuses what the schema cannot see, such as a site of another practice. */
  readonly check?: (tx: Tx, row: Row, body: Body) => Promise<void>;
  /** Stores what hangs on the row, once it is stored. */
  readonly settle?: (tx: Tx, row: Row, body: Body) => Promise<void>;
  readonly event?: (row: Row) => OutgoingEvent;
  /** What tells that one is gone. */
  readonly removal?: EventDefinition<typeof removal>;
}

export class ReferenceUnknown extends DomainError {
  constructor(noun: string) {
    super('not-found', `${noun}-unknown`, `Neither your practice nor a partner has a ${noun.replace('-', ' ')} with this id.`);
  }
}

/** Says nothing of another practice's, not even whether there is one. */
export class OwnReferenceUnknown extends DomainError {
  constructor(noun: string) {
    super('not-found', `${noun}-unknown`, `Your practice has no such ${noun.replace('-', ' ')}. Times that partners share are found by /openings.`);
  }
}

const unknown = ({ noun, ownOnly }: { readonly noun: string; readonly ownOnly?: true }): DomainError => (ownOnly ? new OwnReferenceUnknown(noun) : new ReferenceUnknown(noun));

/** Staff read inside their network by row-level security. Services and operators belong to no practice and read reference data, which names no patient, of all. */
export const readerOf = ({ actor }: Caller): Actor => (actor.practice === null ? { ...actor, kind: 'worker' } : actor);

/** The same four things for every kind of reference data: list, get, define, change. */
@Injectable()
export class References {
  constructor(private readonly work: UnitOfWork) {}

  async list<Row extends ReferenceRow, Body, View>(kind: ReferenceKind<Row, Body, View>, caller: Caller, by: PageQuery & { readonly practice?: PracticeId | undefined }): Promise<Page<View>> {
    const after = startOf(by, z.uuid());
    const reader = caller.actor.practice;
    if (kind.ownOnly && reader !== null && (by.practice ?? reader) !== reader) throw unknown(kind);
    const practice = by.practice ?? (kind.ownOnly ? reader : null);
    const rows = await this.work.run(readerOf(caller), (tx) => kind.table.list(tx, { practice, after, limit: by.limit + 1 }));
    return pageOf(rows, by.limit, (row) => row.id, (row) => kind.viewOf(row, caller.actor.practice));
  }

  async get<Row extends ReferenceRow, Body, View>(kind: ReferenceKind<Row, Body, View>, caller: Caller, id: string): Promise<View> {
    const row = await this.work.run(readerOf(caller), (tx) => kind.table.find(tx, id));
    // Why here and not by row-level security: a search of partners' openings reads these rows, and shows what an agreement offers of them.
    if (!row || (kind.ownOnly && caller.actor.practice !== null && row.practice_id !== caller.actor.practice)) throw unknown(kind);
    return kind.viewOf(row, caller.actor.practice);
  }

  async define<Row extends ReferenceRow, Body, View>(tx: Tx, kind: ReferenceKind<Row, Body, View>, practice: PracticeId, body: Body): Promise<View> {
    const given = kind.rowOf(body, { id: newId(), practice_id: practice, version: 1 });
    const row = kind.complete ? await kind.complete(tx, given) : given;
    await kind.check?.(tx, row, body);
    await kind.table.add(tx, row);
    return this.tell(tx, kind, row, body, 'defined');
  }

  /** Throws `<noun>-unknown` also for a partner's: only the owner changes it. Throws VersionChanged. */
  async change<Row extends ReferenceRow, Body, View>(tx: Tx, kind: ReferenceKind<Row, Body, View>, practice: PracticeId, id: string, expected: number | null, body: Body): Promise<View> {
    const present = await kind.table.lockOwn(tx, practice, id);
    if (!present) throw unknown(kind);
    requireVersion(present.version, expected);
    const given = kind.rowOf(body, { id, practice_id: practice, version: present.version + 1 });
    const row = kind.complete ? await kind.complete(tx, given) : given;
    await kind.check?.(tx, row, body);
    await kind.table.change(tx, row);
    return this.tell(tx, kind, row, body, 'changed');
  }

  async remove<Row extends ReferenceRow, Body, View>(tx: Tx, kind: ReferenceKind<Row, Body, View>, practice: PracticeId, id: string): Promise<void> {
    if (!(await kind.table.remove(tx, practice, id))) throw unknown(kind);
    if (kind.removal) tx.outbox.add(eventOf(kind.removal, { key: id, host: practice }, { id, practice }));
    tx.audit.record({ action: `${kind.noun}.removed`, entity: kind.noun, entityId: id });
  }

  private async tell<Row extends ReferenceRow, Body, View>(tx: Tx, kind: ReferenceKind<Row, Body, View>, row: Row, body: Body, what: string): Promise<View> {
    await kind.settle?.(tx, row, body);
    if (kind.event) tx.outbox.add(kind.event(row));
    tx.audit.record({ action: `${kind.noun}.${what}`, entity: kind.noun, entityId: row.id, details: { version: row.version } });
    return kind.viewOf(row, row.practice_id);
  }
}

/** Throws a problem at the field where an id names nothing of this practice: a foreign key alone would take a partner's. */
export async function requireOwn(tx: Tx, table: 'site' | 'provider' | 'visit_type', practice: PracticeId, ids: readonly string[], field: string): Promise<void> {
  const [row] = await tx.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE practice_id = $1 AND id = ANY ($2::uuid[])`, [practice, ids]);
  if (Number(row?.n) === new Set(ids).size) return;
  throw new z.ZodError([{ code: 'custom', path: [field], message: `must name a ${table.replace('_', ' ')} of your practice`, input: undefined }]);
}
