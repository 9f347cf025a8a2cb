import { Injectable } from '@nestjs/common';
import { type EmergencyAccessId, formatInstant, newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { PatientVault } from '../../patients/patient-vault';
import { runs } from '../domain/emergency-access';
import { AccessOfAnother, EmergencyAccessOver, EmergencyAccessUnknown } from '../domain/emergency-access.errors';
import { EmergencyAccessRepository } from '../persistence/emergency-access.repository';
import { tellBoth } from '../told-to-both';

/** The patient's minimum, for the person who asked, while it runs. Every reading is a disclosure of the host (45 CFR 164.506(c)(2)). Throws EmergencyAccessUnknown, AccessOfAnother, EmergencyAccessOver. */
@Injectable()
export class ReadInEmergency {
  constructor(private readonly accesses: EmergencyAccessRepository, private readonly vault: PatientVault) {}

  async execute(tx: Tx, by: Signatory, id: EmergencyAccessId) {
    const access = await this.accesses.lock(tx, id, by.practice);
    if (!access || access.practice !== by.practice) throw new EmergencyAccessUnknown();
    if (access.by !== by.subject) throw new AccessOfAnother();
    const patient = runs(access, tx.now) ? await this.accesses.patient(tx, id, tx.now) : null;
    if (!patient) throw new EmergencyAccessOver();
    const visits = await this.accesses.visits(tx, id, tx.now);
    await this.accesses.use(tx, id, tx.now);
    await tx.execute('INSERT INTO disclosure (id, practice_id, to_practice_id, patient_id, purpose, profile, agreement_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [newId(), access.host, access.practice, access.patient, 'treatment', 'emergency', access.agreement, toDate(tx.now)]);
    tellBoth(tx, { ...access, uses: access.uses + 1 }, 'used');
    const key = this.vault.patientKey(patient.practice_id, patient.practice_key, patient.id, patient.wrapped_key);
    const open = (field: 'givenName' | 'familyName' | 'birthDate' | 'phone', sealed: string): string => this.vault.openField(key, patient.id, field, sealed);
    return {
      host: access.host, endsAt: formatInstant(access.endsAt), givenName: open('givenName', patient.given_name), familyName: open('familyName', patient.family_name), birthDate: open('birthDate', patient.birth_date),
      phone: patient.phone === null ? null : open('phone', patient.phone), language: patient.language, needs: patient.needs, comingVisits: visits.map((visit) => ({ ...visit, start: formatInstant(visit.start) })),
    };
  }
}
