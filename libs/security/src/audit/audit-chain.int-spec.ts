import { type PracticeId, SystemClock } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, createCommonTables, createDataSource, workerFor } from '@slotmesh/persistence';
import { type TestDatabase, eventually, freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { sealAuditRows } from './audit-chain';
import { FindAuditEntries, auditQuery } from './find-audit-entries';
import { verifyAuditChain } from './verify-audit-chain';

class CommonTables1790000000000 implements MigrationInterface {
  name = 'CommonTables1790000000000';
  up = (runner: QueryRunner): Promise<void> => createCommonTables(runner, 'audited');
  down = async (): Promise<void> => undefined;
}
const desk = (practice: string): Actor => ({ kind: 'staff', subject: `desk@${practice}.example`, practice: practice as PracticeId });

describe('the audit chain', () => {
  let database: TestDatabase;
  let sources: DataSource[];
  let work: UnitOfWork;
  let admin: Client;

  beforeEach(async () => {
    database = await freshDatabase('audited', [CommonTables1790000000000]);
    sources = await Promise.all([database.appUrl, database.workerUrl].map((url) => createDataSource({ url, poolSize: 10, applicationName: 'audit-test' }).initialize()));
    work = new UnitOfWork({ source: 'audited', app: sources[0]!, worker: sources[1]!, clock: new SystemClock() });
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await Promise.all(sources.map((source) => source.destroy()));
    await database.drop();
  });

  const record = (n: number, practice = 'harbor') => work.run(desk(practice), async (tx) => tx.audit.record({ action: 'patient.read', entity: 'patient', entityId: String(n), patient: null, details: { n } }));
  const seal = () => work.run(workerFor('sealer', null), (tx) => sealAuditRows(tx, 7));
  // Other databases of the server run transactions, too: what is not below their xmin is sealed at the next look.
  const sealAll = (rows: number) => eventually(`${rows} rows are chained`, async () => {
    await seal();
    return Number((await admin.query('SELECT count(*) AS n FROM audit_seal')).rows[0].n) === rows;
  });
  const verify = (known: Parameters<typeof verifyAuditChain>[1] = null) => work.run(workerFor('verify', null), (tx) => verifyAuditChain(tx, known));
  const kinds = async (known: Parameters<typeof verifyAuditChain>[1] = null) => [...new Set((await verify(known)).faults.map(({ kind }) => kind))];

  it('P23: rows of many transactions and several sealers at once become one whole chain, none twice and none left out', async () => {
    await Promise.all([...Array.from({ length: 120 }, (_, n) => record(n, n % 2 ? 'harbor' : 'summit')), ...Array.from({ length: 12 }, () => seal())]);
    await sealAll(120);
    expect(await verify()).toMatchObject({ intact: true, sealed: 120, unsealed: { count: 0 }, faults: [], head: { position: 120 } });
  });

  it('P23: a row of a transaction that is still open is not passed over: what commits later is chained later, in order', async () => {
    let finish = (): void => undefined;
    const open = new Promise<void>((resolve) => (finish = resolve));
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const slow = work.run(desk('harbor'), async (tx) => {
      await tx.query('SELECT pg_current_xact_id()');
      begun();
      await open;
      tx.audit.record({ action: 'slow', entity: 'patient', entityId: '1' });
    });
    await started;
    await record(2);
    expect((await seal()).sealed).toBe(0);
    expect(await verify()).toMatchObject({ intact: true, sealed: 0, unsealed: { count: 1 } });
    finish();
    await slow;
    await sealAll(2);
    expect(await verify()).toMatchObject({ intact: true, sealed: 2 });
  });

  const tampering: [string, string, string][] = [
    ['a changed detail', `UPDATE audit_entry SET details = '{"n": 99}' WHERE entity_id = '5'`, 'changed'],
    ['another actor', `UPDATE audit_entry SET actor_subject = 'somebody@else.example' WHERE entity_id = '0'`, 'changed'],
    ['another time', `UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE entity_id = '9'`, 'changed'],
    ['a row given to another practice', `UPDATE audit_entry SET practice_id = 'desert' WHERE entity_id = '3'`, 'changed'],
    ['a deleted row', `DELETE FROM audit_entry WHERE entity_id = '4'`, 'deleted'],
    ['a row deleted with its link', `WITH e AS (DELETE FROM audit_entry WHERE entity_id = '4' RETURNING id) DELETE FROM audit_seal s USING e WHERE s.entry_id = e.id`, 'gap'],
    ['a row slipped in between', `INSERT INTO audit_entry SELECT gen_random_uuid(), practice_id, actor_kind, actor_subject, 'forged', entity, entity_id, patient_id, details, at, committed_xid FROM audit_entry WHERE entity_id = '2'`, 'inserted'],
    ['two links that changed places', `UPDATE audit_seal SET position = -position WHERE position IN (3, 4); UPDATE audit_seal SET position = 7 + position WHERE position < 0`, 'changed'],
  ];
  it.each(tampering)('P23: verify finds %s', async (_what, sql, kind) => {
    for (let n = 0; n < 10; n += 1) await record(n);
    await sealAll(10);
    expect(await kinds()).toEqual([]);
    await admin.query(sql);
    expect(await kinds()).toContain(kind);
  });

  it('P23: a row that is backdated is found once it is chained', async () => {
    await record(1);
    await sealAll(1);
    await admin.query(`INSERT INTO audit_entry (id, practice_id, actor_kind, actor_subject, action, entity, entity_id, at) SELECT gen_random_uuid(), 'harbor', 'staff', 'x', 'forged', 'patient', '1', at - interval '2 days' FROM audit_entry`);
    await sealAll(2);
    expect(await kinds()).toEqual(['inserted']);
  });

  it('P23: a chain that was cut off or computed anew is found by a head that was kept outside', async () => {
    for (let n = 0; n < 5; n += 1) await record(n);
    await sealAll(5);
    const { head } = await verify();
    await record(6);
    await sealAll(6);
    expect(await kinds(head)).toEqual([]);
    await admin.query(`DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE position > 3); DELETE FROM audit_seal WHERE position > 3`);
    expect(await kinds()).toEqual([]);
    expect(await kinds(head)).toEqual(['cut']);
    await admin.query('DELETE FROM audit_seal');
    await sealAll(3);
    expect(await kinds(head)).toEqual(['cut']);
  });

  it('P21: a practice reads its own rows page by page, newest first, and each once', async () => {
    for (let n = 0; n < 9; n += 1) await record(n);
    await record(99, 'summit');
    await sealAll(10);
    const find = new FindAuditEntries();
    const page = (cursor?: string) => work.run(desk('harbor'), (tx) => find.execute(tx, 'harbor' as PracticeId, auditQuery.parse({ limit: 4, cursor })));
    const seen: string[] = [];
    for (let next: string | null | undefined = undefined; next !== null;) {
      const { items, nextCursor } = await page(next);
      seen.push(...items.map(({ entityId }) => entityId));
      expect(items.every(({ seal: link }) => link !== null && link.position <= 10)).toBe(true);
      next = nextCursor;
    }
    expect(seen).toEqual(['8', '7', '6', '5', '4', '3', '2', '1', '0']);
  });

  it('the runtime roles cannot change or remove what was written', async () => {
    await record(1);
    for (const source of sources) {
      for (const sql of [`UPDATE audit_entry SET action = 'x'`, 'DELETE FROM audit_entry', 'UPDATE audit_seal SET position = 1', 'DELETE FROM audit_seal', 'TRUNCATE audit_entry']) {
        await expect(source.query(sql)).rejects.toThrow(/permission denied/);
      }
    }
  });
});
