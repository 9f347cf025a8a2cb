import { randomBytes } from 'node:crypto';
import { PatientRecorded } from '@slotmesh/contracts';
import { type AgreementId, DomainError, type PatientId, type PracticeId, SystemClock, parseLocalDate } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { agreement } from '../seed/sample-network';
import { samplePatients } from '../seed/sample-patients';
import { seedSample } from '../seed/seed-sample';
import { type PatientRegistration, RegisterPatient } from './commands/register-patient';
import { HostRecords } from './host-records';
import type { PatientFacts } from './patient-vault';
import { PatientVault } from './patient-vault';
import { PatientRepository, sealedFactsOf } from './persistence/patient.repository';
import { ReadPatientKey } from './queries/read-patient-key';

const practice = (code: string) => code as PracticeId;
const desk = (code: string): Actor => ({ kind: 'staff', subject: `frontdesk@${code}.example`, practice: practice(code) });

describe('patients', () => {
  let database: TestDatabase;
  let app: DataSource;
  let worker: DataSource;
  let work: UnitOfWork;
  const vault = new PatientVault(randomBytes(32), randomBytes(32));
  const patients = new PatientRepository();
  const records = new HostRecords(vault, patients);
  const register = new RegisterPatient(vault, patients);
  const john = samplePatients().find(({ facts }) => facts.familyName === 'Whitfield')!;
  const inForce = agreement.id as AgreementId;

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    app = await createDataSource({ url: database.appUrl, poolSize: 8, applicationName: 'patients-test' }).initialize();
    worker = await createDataSource({ url: database.workerUrl, poolSize: 8, applicationName: 'patients-test' }).initialize();
    work = new UnitOfWork({ source: 'scheduling', app, worker, clock: new SystemClock() });
    await seedSample(work, vault);
  });
  afterAll(async () => {
    await app?.destroy();
    await worker?.destroy();
    await database?.drop();
  });

  const book = (host: string, patient: PatientId, booking = 'harbor', by: AgreementId = inForce) => work.run(desk(booking), (tx) => records.hostRecordFor(tx, { host: practice(host), agreement: by, patient, profile: 'booking', because: { kind: 'change', id: null } }));
  const openAs = (code: string, id: PatientId): Promise<PatientFacts | null> =>
    work.run(desk(code), async (tx) => {
      const row = await patients.find(tx, id);
      if (!row) return null;
      return vault.open(vault.patientKey(row.practice_id, await patients.practiceKey(tx, row.practice_id), id, row.wrapped_key!), id, sealedFactsOf(row));
    });
  const registration = (facts: Partial<PatientFacts>): PatientRegistration => ({
    facts: { givenName: 'Wilhelmina', familyName: 'Sloane', birthDate: parseLocalDate('1990-01-31'), phone: '+16175550188', email: 'w.sloane@example.org', recordNumber: null, ...facts },
    language: 'en', zone: 'America/New_York', needs: [], textConsent: true, emailConsent: true,
  });
  const add = (code: string, facts: Partial<PatientFacts> = {}) => work.run(desk(code), (tx) => register.execute(tx, practice(code), registration(facts)));

  it('P21: twenty bookings at once give the host one minimal record that it can read and the guest cannot', async () => {
    const ids = new Set(await Promise.all(Array.from({ length: 20 }, () => book('summit', john.id))));
    expect(ids.size).toBe(1);
    const [id] = [...ids];
    expect(await openAs('summit', id!)).toEqual({ ...john.facts, recordNumber: null });
    expect(await openAs('harbor', id!)).toBeNull();
    expect(await openAs('lakeside', id!)).toBeNull();
    const events: { payload: unknown; host: string }[] = await worker.query('SELECT payload, host FROM outbox WHERE key = $1', [id]);
    expect(events).toHaveLength(1);
    expect(events[0]!.host).toBe('summit');
    expect(PatientRecorded.schema.parse(events[0]!.payload).contactPoints.map(({ channel, index }) => [channel, index])).toEqual([
      ['sms', vault.indexOf('phone', '+16175550143')], ['email', vault.indexOf('email', 'john.whitfield@example.com')],
    ]);
    const [logged] = await worker.query(`SELECT (SELECT count(*) FROM disclosure WHERE patient_id = $1) AS disclosed, (SELECT count(*) FROM audit_entry WHERE action = 'patient.disclosed' AND patient_id = $1::text) AS audited`, [john.id]);
    expect(logged).toEqual({ disclosed: '20', audited: '20' });
  });

  it('P7: without an agreement in force no practice learns who a patient is', async () => {
    await expect(book('lakeside', john.id)).rejects.toMatchObject({ code: 'agreement-not-in-force' });
    const chicago = samplePatients().find((patient) => patient.practice === 'lakeside')!;
    await expect(book('summit', chicago.id, 'lakeside')).rejects.toMatchObject({ code: 'agreement-not-in-force' });
    await expect(book('summit', chicago.id, 'harbor')).rejects.toMatchObject({ code: 'patient-unknown' });
  });

  it('recognises a person in the partnership by full name, birth date and a contact, never by phone and birth date alone', async () => {
    const first = await add('harbor');
    expect(first.linked).toBe(false);
    expect(await add('summit', { givenName: 'WILHELMINA ', email: null })).toMatchObject({ person: first.person, linked: true });
    expect((await add('desert', { givenName: 'Theodora' })).person).not.toBe(first.person);
    expect((await add('desert', { phone: '+16025550181', email: null })).person).not.toBe(first.person);
    expect(await add('lakeside')).toMatchObject({ linked: false });
    await expect(add('harbor')).rejects.toMatchObject({ code: 'patient-already-registered', details: { patient: first.id } });
  });

  it('ten desks of two practices that register one person at once make one record each of one person', async () => {
    const same = { givenName: 'Leopoldine', phone: '+16175550186', email: null };
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => add(n % 2 ? 'harbor' : 'desert', same)));
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(made.map((patient) => patient.practice).sort()).toEqual(['desert', 'harbor']);
    expect(new Set(made.map(({ person }) => person)).size).toBe(1);
  });

  it('refuses a record number that another patient has', async () => {
    await add('harbor', { givenName: 'Ada', recordNumber: 'X-1', email: 'ada@example.org' });
    await expect(add('harbor', { givenName: 'Ida', recordNumber: 'x-1 ', email: 'ida@example.org' })).rejects.toMatchObject({ code: 'record-number-taken' });
  });

  it('P24: gives a patient key to a service, leaves a trace, and answers erased where the key was destroyed', async () => {
    const read = new ReadPatientKey(work, vault);
    const caller: Actor = { kind: 'service', subject: 'service:notifications', practice: null };
    const gone = await add('harbor', { givenName: 'Gone', email: 'gone@example.org' });
    expect(await read.execute(caller, gone.id)).toHaveLength(32);
    const [trace] = await worker.query(`SELECT practice_id, actor_subject FROM audit_entry WHERE action = 'patient-key.read' AND patient_id = $1`, [gone.id]);
    expect(trace).toEqual({ practice_id: 'harbor', actor_subject: 'service:notifications' });
    await worker.query('UPDATE patient SET wrapped_key = NULL WHERE id = $1', [gone.id]);
    await expect(read.execute(caller, gone.id)).rejects.toMatchObject({ code: 'patient-erased', kind: 'gone' });
    await expect(read.execute(caller, '0193d2b0-0000-7000-8000-000000000000' as PatientId)).rejects.toBeInstanceOf(DomainError);
  });
});
