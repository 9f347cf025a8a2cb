import { type EventWire, PracticeDefined, ProviderDefined, ServiceDefined, SiteDefined, VisitTypeDefined } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import type { PatientVault } from '../patients/patient-vault';
import { partnership, practiceLine, practices, services, staff } from './sample-network';
import type { SamplePractice, SampleSite } from './sample-practice';
import { seedId } from './seed-id';
import { addMissing } from './seed-writer';

/** The partnership, its catalogue, and who works where. */
export async function sowNetwork(tx: Tx): Promise<void> {
  await addMissing(tx, 'partnership', 'id', [partnership]);
  await addMissing(tx, 'membership', 'practice_id', practices.filter(({ partner }) => partner).map(({ id }) => ({ practice_id: id, partnership_id: partnership.id })));
  const added = await addMissing(tx, 'service', 'code', services);
  for (const service of services) {
    if (added.has(service.code)) tx.outbox.add(eventOf(ServiceDefined, { key: service.code, host: null }, { code: service.code, name: service.name }));
  }
}

/** Once the practices exist. */
export const sowStaff = (tx: Tx): Promise<Set<string>> => addMissing(tx, 'staff', 'subject', staff);

/** A practice with its key, sites, providers, visit types and what else cannot be in two places. */
export async function sowPractice(tx: Tx, practice: SamplePractice, host: PracticeId, vault: PatientVault): Promise<void> {
  const [first] = practice.areaCodes;
  const facts = { id: practice.id, name: practice.name, zone: practice.zone, phone: practiceLine(first!, 0), email: `hello@${practice.id}.example` };
  const added = await addMissing(tx, 'practice', 'id', [{ ...facts, sender_number: practiceLine(first!, 9) }]);
  if (added.has(practice.id)) {
    tx.outbox.add(eventOf(PracticeDefined, { key: practice.id, host }, { ...facts, senderNumber: practiceLine(first!, 9), partnership: practice.partner ? partnership.id : null, staffed: true }));
    tx.audit.record({ action: 'practice.defined', entity: 'practice', entityId: practice.id });
  }
  await addMissing(tx, 'practice_key', 'practice_id', [{ practice_id: practice.id, wrapped_key: vault.newPracticeKey(host) }]);
  await sowSites(tx, practice, host);
  await sowVisitTypes(tx, practice, host);
  await sowProviders(tx, practice, host);
  await addMissing(tx, 'resource', 'id', practice.equipment.flatMap(({ site, kind, names }) => names.map((name) => ({
    id: seedId(`${practice.id}/${site}/${name}`), practice_id: practice.id, site_id: seedId(`${practice.id}/site/${site}`), kind, name, active: true, version: 1,
  }))));
}

async function sowSites(tx: Tx, practice: SamplePractice, host: PracticeId): Promise<void> {
  const rows = practice.sites.map((site) => siteRow(practice, site));
  const added = await addMissing(tx, 'site', 'id', rows);
  for (const { id, practice_id, name, zone, phone, address, latitude, longitude } of rows) {
    if (added.has(id)) tx.outbox.add(eventOf(SiteDefined, { key: id, host }, { id, practice: practice_id, name, zone, phone, address, latitude, longitude }));
  }
}

const siteRow = (practice: SamplePractice, site: SampleSite) => ({
  id: seedId(`${practice.id}/site/${site.code}`), practice_id: practice.id, name: site.name, zone: practice.zone, phone: practiceLine(site.areaCode, 1), address: site.address,
  state: site.address.state, latitude: site.latitude, longitude: site.longitude, version: 1,
});

async function sowVisitTypes(tx: Tx, practice: SamplePractice, host: PracticeId): Promise<void> {
  const rows = practice.visitTypes.map((type) => ({
    id: seedId(`${practice.id}/visit-type/${type.code}`), practice_id: practice.id, service_code: type.service, name: type.name, duration_minutes: type.minutes, buffer_before_minutes: 0,
    buffer_after_minutes: type.bufferAfter ?? 0, minimum_notice_minutes: type.noticeMinutes, horizon_days: 180, modality: 'in-person' as const, needs: type.needs.map((kind) => ({ kind, capability: null, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 })), active: true, version: 1,
  }));
  const added = await addMissing(tx, 'visit_type', 'id', rows);
  for (const row of rows) {
    const fact: EventWire<typeof VisitTypeDefined> = { id: row.id, practice: row.practice_id, service: row.service_code, name: row.name, durationMinutes: row.duration_minutes, modality: row.modality };
    if (added.has(row.id)) tx.outbox.add(eventOf(VisitTypeDefined, { key: row.id, host }, fact));
  }
}

async function sowProviders(tx: Tx, practice: SamplePractice, host: PracticeId): Promise<void> {
  const rows = practice.providers.map(({ code, name, languages, payers }) => ({ id: seedId(`${practice.id}/provider/${code}`), practice_id: practice.id, name, languages, payers, active: true, version: 1 }));
  const added = await addMissing(tx, 'provider', 'id', rows);
  for (const { id, practice_id, name, languages } of rows) {
    if (added.has(id)) tx.outbox.add(eventOf(ProviderDefined, { key: id, host }, { id, practice: practice_id, name, languages: [...languages] }));
  }
  await addMissing(tx, 'resource', 'id', rows.map((row) => ({ id: seedId(`${row.id}/resource`), practice_id: row.practice_id, provider_id: row.id, kind: 'provider', name: row.name, active: true, version: 1 })));
  await addMissing(tx, 'provider_visit_type', 'provider_id', practice.providers.flatMap((provider) => provider.gives.map((code) => ({
    practice_id: practice.id, provider_id: seedId(`${practice.id}/provider/${provider.code}`), visit_type_id: seedId(`${practice.id}/visit-type/${code}`),
  }))));
}
