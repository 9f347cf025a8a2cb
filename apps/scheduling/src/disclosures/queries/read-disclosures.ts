import { Injectable } from '@nestjs/common';
import { type Instant, type PatientId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { Disclosure } from '../disclosure';
import { type DisclosurePlace, DisclosureRepository } from '../persistence/disclosure.repository';

interface PageAsked { readonly after: DisclosurePlace | null; readonly limit: number }
export interface DisclosurePage { readonly items: readonly Disclosure[]; readonly next: DisclosurePlace | null }

/** Page by page, oldest first; each page leaves its audit row (P23). */
@Injectable()
export class ReadDisclosures {
  constructor(private readonly disclosures: DisclosureRepository, private readonly patients: PatientRepository) {}

  /** What was disclosed of one patient of the practice. Throws PatientUnknown. */
  async ofPatient(tx: Tx, practice: PracticeId, patient: PatientId, page: PageAsked): Promise<DisclosurePage> {
    if ((await this.patients.find(tx, patient))?.practice_id !== practice) throw new PatientUnknown();
    const found = await this.page(tx, practice, { patient }, page);
    tx.audit.record({ action: 'patient.disclosures-read', entity: 'patient', entityId: patient, patient, details: { count: found.items.length } });
    return found;
  }

  async ofPractice(tx: Tx, practice: PracticeId, asked: { readonly from: Instant; readonly to: Instant; readonly practice?: PracticeId | undefined }, page: PageAsked): Promise<DisclosurePage> {
    const found = await this.page(tx, practice, { to: asked.practice, range: asked }, page);
    tx.audit.record({ action: 'disclosure.listed', entity: 'disclosure', entityId: '*', details: { count: found.items.length, from: formatInstant(asked.from), until: formatInstant(asked.to), to: asked.practice ?? 'all partners' } });
    return found;
  }

  private async page(tx: Tx, practice: PracticeId, by: Pick<Parameters<DisclosureRepository['list']>[2], 'patient' | 'to' | 'range'>, { after, limit }: PageAsked): Promise<DisclosurePage> {
    const rows = await this.disclosures.list(tx, practice, { ...by, after, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last ? { at: last.at, id: last.id } : null };
  }
}
