import { ProviderDefined, visitTypeId } from '@slotmesh/contracts';
import { type PracticeId, newId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { ReferenceTable } from './persistence/reference-table';
import { type ReferenceKind, requireOwn } from './reference';

const code = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and hyphens');
export const providerBody = z.object({
  name: z.string().trim().min(1).max(200),
  languages: z.array(code).min(1).max(20).default(['en']),
  payers: z.array(code).max(50).default([]),
  active: z.boolean().default(true),
  /** The visit types that this provider gives; left out: unchanged. */
  visitTypes: z.array(visitTypeId).max(200).optional(),
});
type ProviderBody = z.output<typeof providerBody>;

interface ProviderRow { id: string; practice_id: PracticeId; version: number; name: string; languages: string[]; payers: string[]; active: boolean }
const view = ({ id, practice_id, name, languages, payers, active, version }: ProviderRow) => ({ id, practice: practice_id, name, languages, payers, active, version });

/** Who gives visits (FHIR Practitioner); stands in the calendar as a resource of kind `provider`. */
export const provider: ReferenceKind<ProviderRow, ProviderBody, ReturnType<typeof view>> = {
  noun: 'provider',
  table: new ReferenceTable<ProviderRow>('provider', ['id', 'practice_id', 'version', 'name', 'languages', 'payers', 'active']),
  rowOf: (body, identity) => ({ ...identity, name: body.name, languages: body.languages, payers: body.payers, active: body.active }),
  viewOf: view,
  settle,
  event: (row) => eventOf(ProviderDefined, { key: row.id, host: row.practice_id }, { id: row.id, practice: row.practice_id, name: row.name, languages: row.languages }),
};

async function settle(tx: Tx, row: ProviderRow, { visitTypes }: ProviderBody): Promise<void> {
  await tx.execute(
    `INSERT INTO resource (id, practice_id, provider_id, kind, name, active) VALUES ($1, $2, $3, 'provider', $4, $5)
     ON CONFLICT (provider_id) DO UPDATE SET name = excluded.name, active = excluded.active, version = resource.version + 1`, [newId(), row.practice_id, row.id, row.name, row.active]);
  if (!visitTypes) return;
  await requireOwn(tx, 'visit_type', row.practice_id, visitTypes, 'visitTypes');
  await tx.execute('DELETE FROM provider_visit_type WHERE provider_id = $1 AND visit_type_id <> ALL ($2::uuid[])', [row.id, visitTypes]);
  await tx.execute('INSERT INTO provider_visit_type (practice_id, provider_id, visit_type_id) SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING', [row.practice_id, row.id, visitTypes]);
}
