import { randomBytes } from 'node:crypto';
import { PatientRecorded } from '@slotmesh/contracts';
import { type PatientId, type PracticeId, SystemClock, parseLocalDate } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { seedSample } from '../seed/seed-sample';
import { RegisterPatient } from './commands/register-patient';
import { TellRepresentatives } from './commands/tell-representatives';
import { HostRecords } from './host-records';
import { PatientVault } from './patient-vault';
import { PatientRepository } from './persistence/patient.repository';
import { Representatives, representativeBody } from './representatives';

const practice = (code: string) => code as PracticeId;
const desk = (code: string): Actor => ({ kind: 'staff', subject: `frontdesk@${code}.example`, practice: practice(code) });

describe('representatives', () => {
  let database: TestDatabase;
  let app: DataSource;
  let worker: DataSource;
  let work: UnitOfWork;
  let tell: TellRepresentatives;
  const vault = new PatientVault(randomBytes(32), randomBytes(32));
  const patients = new PatientRepository();
  const representatives = new Representatives(vault, patients, new HostRecords(vault, patients));
  const register = new RegisterPatient(vault, patients);

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    app = await createDataSource({ url: database.appUrl, poolSize: 8, applicationName: 'representatives-test' }).initialize();
    worker = await createDataSource({ url: database.workerUrl, poolSize: 8, applicationName: 'representatives-test' }).initialize();
    work = new UnitOfWork({ source: 'scheduling', app, worker, clock: new SystemClock() });
    tell = new TellRepresentatives(work, vault, patients);
    await seedSample(work, vault);
    while ((await tell.execute()) > 0);
  });
  afterAll(async () => {
    await app?.destroy();
    await worker?.destroy();
    await database?.drop();
  });

  let families = 0;
  /** A child with the family's phone at two practices. */
  const child = async () => {
    families += 1;
    const phone = `+1617555${String(2000 + families)}`;
    const facts = { givenName: 'Wendeline', familyName: `Sloane${'abcdefgh'[families]!}`, birthDate: parseLocalDate('2014-01-31'), phone, email: null, recordNumber: null };
    const at = (code: string) => work.run(desk(code), (tx) => register.execute(tx, practice(code), { facts, language: 'en', zone: 'America/New_York', needs: [], textConsent: true, emailConsent: true }));
    const [here, there] = [await at('harbor'), await at('summit')];
    expect(there.person).toBe(here.person);
    return { phone, here: here.id, there: there.id };
  };
  const add = (patient: PatientId, phone: string) => work.run(desk('harbor'), (tx) => representatives.add(tx, practice('harbor'), patient, representativeBody.parse({ relation: 'parent', name: 'Odette Sloane', phone, may: ['see-visits'], validFrom: '2026-01-01' })));
  const toldOf = async (patient: PatientId) => {
    const events: { payload: unknown }[] = await worker.query(`SELECT payload FROM outbox WHERE key = $1 ORDER BY id`, [patient]);
    return events.map(({ payload }) => PatientRecorded.schema.parse(payload).contactPoints.map(({ representative }) => representative));
  };

  it("P8: one recorded before indexes were kept gets its own, and every record of the person tells once that the phone is a parent's, and when it is no more", async () => {
    const { phone, here, there } = await child();
    const { id } = await add(here, phone);
    await worker.query('UPDATE representative SET phone_index = NULL WHERE id = $1', [id]);
    await worker.query('DELETE FROM outbox WHERE key = ANY ($1)', [[here, there]]);
    expect((await Promise.all([tell.execute(), tell.execute()])).sort()).toEqual([0, 1]);
    expect((await worker.query('SELECT phone_index FROM representative WHERE id = $1', [id]))[0]).toEqual({ phone_index: vault.indexOf('phone', phone) });
    expect([await toldOf(here), await toldOf(there)]).toEqual([[[id]], [[id]]]);
    expect(await tell.execute()).toBe(0);
    await work.run(desk('harbor'), (tx) => representatives.remove(tx, practice('harbor'), here, id));
    expect(await tell.execute()).toBe(1);
    expect((await toldOf(there)).at(-1)).toEqual([undefined]);
  });

  it('P24: representatives of an erased patient stay unread', async () => {
    const { phone, here } = await child();
    const { id } = await add(here, phone);
    await worker.query('UPDATE representative SET phone_index = NULL WHERE id = $1', [id]);
    await worker.query('UPDATE patient SET wrapped_key = NULL WHERE id = $1', [here]);
    await tell.execute();
    expect((await worker.query('SELECT phone_index FROM representative WHERE id = $1', [id]))[0]).toEqual({ phone_index: null });
  });

  it('P8: of one that is recorded while another is removed, the last that is told is how the record stands', async () => {
    for (let round = 0; round < 2; round++) {
      const { phone, here } = await child();
      const { id } = await add(here, phone);
      const [, added] = await Promise.all([work.run(desk('harbor'), (tx) => representatives.remove(tx, practice('harbor'), here, id)), add(here, phone)]);
      expect((await toldOf(here)).at(-1)).toEqual([added.id]);
    }
  });
});
