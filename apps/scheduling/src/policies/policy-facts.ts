import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type LocalDate, type PatientId, type PersonId, type PracticeId, type ReferralId, type ServiceCode, type VisitTypeId, instantOfDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Offering } from '../openings/domain/opening';
import { PatientVault } from '../patients/patient-vault';
import { PatientRepository, type PatientRow, sealedFactsOf } from '../patients/persistence/patient.repository';
import { ESTABLISHED_MONTHS, type PatientFacts, decidePolicy } from './domain/policy';
import { RefusedByPolicy } from './domain/policy.errors';

/** Which referral counts: only the one that a booking names, or whichever is open, and the one of a visit that is moved or given up. */
export type ReferralSource = { readonly named: ReferralId | null } | { readonly followed?: ReferralId | null; readonly ofVisit?: AppointmentId | null };

interface KnownReferral {
  readonly id: ReferralId;
  readonly receiver: PracticeId | null;
  readonly service: ServiceCode;
  readonly expires: LocalDate | null;
}

/** What is known of one patient, towards every host that was asked about. */
export class KnownPatient {
  constructor(
    private readonly person: Pick<PatientFacts, 'birthDate' | 'language' | 'payer'>, private readonly established: ReadonlyMap<PracticeId, Instant>,
    private readonly referrals: readonly KnownReferral[], private readonly follows: ReferralId | null,
  ) {}

  factsFor(host: PracticeId, service: ServiceCode): PatientFacts {
    const followed = this.referrals.find(({ id }) => id === this.follows);
    const open = this.referrals.filter((one) => one.receiver === host && one.service === service);
    // The one whose authorisation lasts the longest; one without any comes last.
    const best = followed ?? open.reduce<KnownReferral | null>((most, one) => (most === null || (one.expires ?? '') > (most.expires ?? '') ? one : most), null);
    return { ...this.person, establishedUntil: this.established.get(host) ?? null, referral: best ? { authorisationExpires: best.expires, follows: followed !== undefined } : null };
  }

  decide(offering: Pick<Offering, 'policy' | 'practice' | 'service' | 'modality' | 'languages' | 'payers' | 'zone'>, start: Instant) {
    return decidePolicy(offering.policy, this.factsFor(offering.practice, offering.service), { start, zone: offering.zone, modality: offering.modality, languages: offering.languages, payers: offering.payers });
  }
}

/** Gathers what the policy of a host asks about a patient, from the record that the acting practice itself keeps. */
@Injectable()
export class PolicyFacts {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /** The record, where the tenant may read it. */
  record(sql: Sql, patient: PatientId): Promise<PatientRow | null> {
    return this.patients.find(sql, patient);
  }

  /** Null: erased, so nothing can be said. `host` null: of every practice that the tenant sees. */
  async of(sql: Sql, patient: PatientRow, host: PracticeId | null, source: ReferralSource): Promise<KnownPatient | null> {
    if (patient.wrapped_key === null) return null;
    const practiceKey = await this.patients.practiceKey(sql, patient.practice_id);
    const { birthDate } = this.vault.open(this.vault.patientKey(patient.practice_id, practiceKey, patient.id, patient.wrapped_key), patient.id, sealedFactsOf(patient));
    const seen = await sql.query<{ host: PracticeId; until: Date | null }>(
      `SELECT id AS host, last_fulfilled_visit($1, id) + make_interval(months => $3::int) AS until FROM practice WHERE $2::text IS NULL OR id = $2`, [patient.person_id, host, ESTABLISHED_MONTHS]);
    const established = new Map(seen.flatMap(({ host: id, until }): [PracticeId, Instant][] => (until === null ? [] : [[id, instantOfDate(until)]])));
    const follows = 'named' in source ? source.named : (source.followed ?? null);
    const referrals = 'named' in source && source.named === null ? [] : await sql.query<KnownReferral>(
      `SELECT id, receiver_id AS receiver, service_code AS service, authorisation_expires::text AS expires FROM referral
       WHERE (patient_id = $1 OR receiver_patient_id = $1) AND (id = $2 OR id = (SELECT a.referral_id FROM appointment a WHERE a.id = $3) OR ($4 AND status IN ('accepted', 'authorised'))) ORDER BY id`,
      [patient.id, follows, ('ofVisit' in source ? source.ofVisit : null) ?? null, !('named' in source)]);
    return new KnownPatient({ birthDate, language: patient.language, payer: patient.payer }, established, referrals, follows);
  }

  /** Whether the person counts as new with the host at `start`, as far as the tenant may know. */
  async isNew(sql: Sql, person: PersonId, host: PracticeId, start: Instant): Promise<boolean> {
    const [row] = await sql.query<{ until: Date | null }>('SELECT last_fulfilled_visit($1, $2) + make_interval(months => $3::int) AS until', [person, host, ESTABLISHED_MONTHS]);
    return !row?.until || instantOfDate(row.until) < start;
  }

  /** Throws RefusedByPolicy. */
  async require(sql: Sql, patient: PatientRow, offering: Offering, start: Instant, referral: ReferralId | null): Promise<void> {
    // Why: most visits have no policy, and booking is quick.
    if (offering.policy === null && patient.payer === null) return;
    const decision = (await this.of(sql, patient, offering.practice, { named: referral }))?.decide(offering, start);
    if (decision?.allowed === false) throw new RefusedByPolicy(decision);
  }

  /** The open referral that a visit type asks for, where nobody is there to name it. */
  async requiredReferral(sql: Sql, visit: { readonly patient: PatientId; readonly host: PracticeId; readonly service: ServiceCode; readonly visitType: VisitTypeId }): Promise<ReferralId | null> {
    const [row] = await sql.query<{ id: ReferralId }>(
      `SELECT r.id FROM referral r WHERE (r.patient_id = $1 OR r.receiver_patient_id = $1) AND r.receiver_id = $2 AND r.service_code = $3 AND r.status IN ('accepted', 'authorised')
         AND EXISTS (SELECT FROM visit_type v WHERE v.id = $4 AND (v.policy @> '{"referralRequired": true}' OR v.policy @> '{"authorisationRequired": true}')) ORDER BY r.authorisation_expires DESC NULLS LAST, r.id LIMIT 1`,
      [visit.patient, visit.host, visit.service, visit.visitType]);
    return row?.id ?? null;
  }
}
