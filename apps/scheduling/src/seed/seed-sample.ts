import { type LocalDate, type PracticeId, type Zone, instantOfDate, localDateOf } from '@slotmesh/kernel';
import { type Tx, type UnitOfWork, workerFor } from '@slotmesh/persistence';
import { RegisterPatient } from '../patients/commands/register-patient';
import type { PatientVault } from '../patients/patient-vault';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { practices } from './sample-network';
import { samplePatients } from './sample-patients';
import { sowAgreement } from './sow-agreement';
import { sowCalendar } from './sow-calendar';
import { sowPatients } from './sow-patients';
import { sowNetwork, sowPractice, sowStaff } from './sow-practice';

const AT_ONCE = 50;

/** The sample partnership (DESIGN section 7). Each step is one transaction that adds only what is missing. Returns how many patients were new. */
export async function seedSample(work: UnitOfWork, vault: PatientVault): Promise<number> {
  const nobody = workerFor('seed', null);
  await work.run(nobody, sowNetwork);
  for (const practice of practices) {
    const host = practice.id as PracticeId;
    await work.run(workerFor('seed', host), (tx) => sowPractice(tx, practice, host, vault));
  }
  await work.run(nobody, sowStaff);
  for (const practice of practices) {
    const host = practice.id as PracticeId;
    await work.run(workerFor('seed', host), async (tx) => sowCalendar(tx, practice, host, await firstSeeding(tx, practice.zone as Zone)));
  }
  await work.run(nobody, async (tx) => sowAgreement(tx, await firstSeeding(tx, 'UTC' as Zone)));
  return seedPatients(work, vault);
}

async function seedPatients(work: UnitOfWork, vault: PatientVault): Promise<number> {
  const patients = new PatientRepository();
  const parts = { patients, register: new RegisterPatient(vault, patients) };
  let added = 0;
  const everybody = samplePatients();
  for (const practice of practices.map(({ id }) => id as PracticeId)) {
    const members = everybody.filter((patient) => patient.practice === practice);
    for (let from = 0; from < members.length; from += AT_ONCE) {
      added += await work.run(workerFor('seed', practice), (tx) => sowPatients(tx, practice, members.slice(from, from + AT_ONCE), parts));
    }
  }
  return added;
}

/** Why from the audit: a run that completes one that was killed days ago must count from the same date. */
async function firstSeeding(tx: Tx, zone: Zone): Promise<LocalDate> {
  const [row] = await tx.query<{ at: Date | null }>(`SELECT min(at) AS at FROM audit_entry WHERE actor_subject = $1 AND action = 'practice.defined'`, ['worker:seed']);
  return localDateOf(row?.at ? instantOfDate(row.at) : tx.now, zone);
}
