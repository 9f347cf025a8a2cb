import { randomBytes } from 'node:crypto';
import { type PracticeId, SystemClock } from '@slotmesh/kernel';
import { UnitOfWork, createDataSource, workerFor } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { TellCalendars20261127052020 } from '../migrations/20261127052020-tell-calendars';
import { PatientVault } from '../patients/patient-vault';
import { PatientRepository, sealedFactsOf } from '../patients/persistence/patient.repository';
import { seedSample } from './seed-sample';
import { samplePatients } from './sample-patients';

describe('the sample partnership', () => {
  let database: TestDatabase;
  let worker: DataSource;
  let work: UnitOfWork;
  const vault = new PatientVault(randomBytes(32), randomBytes(32));

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    worker = await createDataSource({ url: database.workerUrl, poolSize: 4, applicationName: 'seed-test' }).initialize();
    work = new UnitOfWork({ source: 'scheduling', app: worker, worker, clock: new SystemClock() });
  });
  afterAll(async () => {
    await worker?.destroy();
    await database?.drop();
  });

  const count = async (table: string, where = 'true'): Promise<number> => Number((await worker.query(`SELECT count(*) AS n FROM ${table} WHERE ${where}`))[0].n);
  const everything = async () => worker.query(`SELECT relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', relname), false, true, '')))[1]::text AS n
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('migration') ORDER BY relname`);

  it('a run that dies half-way is completed by the next, and a third changes nothing', async () => {
    let transactions = 0;
    const dying = Object.assign(Object.create(work), { run: (...given: Parameters<UnitOfWork['run']>) => ((transactions += 1) > 11 ? Promise.reject(new Error('killed')) : work.run(...given)) });
    await expect(seedSample(dying, vault)).rejects.toThrow('killed');
    const before = await count('patient');
    expect(before).toBeLessThan(300);
    const started = Date.now();
    expect(await seedSample(work, vault)).toBe(300 - before);
    expect(Date.now() - started).toBeLessThan(20_000);
    const first = await everything();
    expect(await seedSample(work, vault)).toBe(0);
    expect(await everything()).toEqual(first);
  });

  it('has the practices, people, places and things that examples rely on', async () => {
    expect(await count('practice')).toBe(4);
    expect(await count('provider', `practice_id = 'harbor'`)).toBe(6);
    expect(await count('provider', `practice_id = 'summit'`)).toBe(3);
    expect(await count('provider', `practice_id = 'desert'`)).toBe(3);
    expect(await count('site', `practice_id = 'harbor'`)).toBe(2);
    expect(await count('service')).toBe(7);
    expect(await count('patient')).toBe(300);
    expect(await count('staff')).toBe(22);
    expect(await count('membership')).toBe(3);
    expect(await count('agreement_version', `status = 'in-force'`)).toBe(1);
    expect(await count('provider_visit_type')).toBe(22 + 6 + 4 + 4);
    expect(await count('visit_type', `service_code = 'echo' AND jsonb_path_query_array(needs, '$[*].kind') = '["room", "device"]'`)).toBe(1);
    expect(await count('closure', `practice_id = 'harbor'`)).toBeGreaterThanOrEqual(12);
  });

  it('publishes one fact for each part, numbered from one', async () => {
    const rows: { type: string; n: string; last: string }[] = await worker.query('SELECT type, count(*) AS n, max(sequence) AS last FROM outbox GROUP BY type ORDER BY type');
    expect(Object.fromEntries(rows.map(({ type, n }) => [type, Number(n)]))).toEqual({
      'scheduling.availability.defined.v1': await count('availability'), 'scheduling.availability-exception.defined.v1': await count('availability_exception'), 'scheduling.closure.defined.v1': await count('closure'),
      'scheduling.agreement.changed.v1': 1, 'scheduling.patient.recorded.v1': 300, 'scheduling.practice.defined.v1': 4, 'scheduling.provider.defined.v1': 14,
      'scheduling.service.defined.v1': 7, 'scheduling.site.defined.v1': 5, 'scheduling.visit-type.defined.v1': 10,
    });
    expect(rows.every(({ last }) => last === '1')).toBe(true);
  });

  it('a calendar of before its changes were events is told by the migration as it is told now', async () => {
    const told = async (runner: Pick<DataSource, 'query'>): Promise<{ payload: unknown }[]> => runner.query(`SELECT topic, key, type, source, host, payload FROM outbox WHERE topic ~ '^scheduling.(availability|closure)' ORDER BY topic, key`);
    const before = await told(worker);
    expect(before.length).toBeGreaterThan(100);
    const owner = await new DataSource({ type: 'postgres', url: database.ownerUrl, poolSize: 1 }).initialize();
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`DELETE FROM outbox`);
    await new TellCalendars20261127052020().up(runner);
    expect(await told(runner)).toEqual(before);
    await runner.rollbackTransaction();
    await owner.destroy();
  });

  it('finds Maria Alvarez by her phone and opens her record with the keys of harbor only', async () => {
    const patients = new PatientRepository();
    const harbor = 'harbor' as PracticeId;
    await work.run(workerFor('test', harbor), async (tx) => {
      const [maria] = await patients.search(tx, harbor, { phone: vault.indexOf('phone', '+16175550142'), name: null, birthDate: null, email: null, recordNumber: null }, { after: null, limit: 5 });
      const key = vault.patientKey(harbor, await patients.practiceKey(tx, harbor), maria!.id, maria!.wrapped_key!);
      expect(vault.open(key, maria!.id, sealedFactsOf(maria!))).toMatchObject({ givenName: 'Maria', familyName: 'Alvarez', email: 'maria.alvarez@example.com' });
      expect(maria!.language).toBe('es');
      const summitKey = await patients.practiceKey(tx, 'summit' as PracticeId);
      expect(() => vault.patientKey(harbor, summitKey, maria!.id, maria!.wrapped_key!)).toThrow();
    });
  });

  it('P24: no name, phone or address of a patient stands in the clear in any table or outgoing event', async () => {
    const owner = await createDataSource({ url: database.ownerUrl, poolSize: 1, applicationName: 'seed-test-owner' }).initialize();
    const rows: { line: string }[] = await owner.query(`SELECT string_agg(xml::text, E'\n') AS line FROM (
      SELECT query_to_xml(format('SELECT to_jsonb(t)::text AS row FROM %I t', relname), false, true, '') AS xml FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migration') AS all_rows`).finally(() => owner.destroy());
    const dump = rows[0]!.line;
    // The look itself works: what is public stands there.
    expect(dump).toContain('"Alice Thornton, MD"');
    expect(dump.length).toBeGreaterThan(500_000);
    const leaks = samplePatients().filter(({ facts }) =>
      [facts.phone, facts.email, `${facts.givenName} ${facts.familyName}`].some((text) => text !== null && dump.includes(text)) ||
      [facts.givenName, facts.familyName, facts.birthDate].some((text) => dump.includes(`"${text}"`)));
    expect(leaks).toEqual([]);
  });
});
