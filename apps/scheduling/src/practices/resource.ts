import { siteId } from '@slotmesh/contracts';
import { DomainError, type PracticeId } from '@slotmesh/kernel';
import { z } from 'zod';
import type { EquipmentKind } from '../openings/domain/resource-need';
import { ReferenceTable } from './persistence/reference-table';
import { type ReferenceKind, requireOwn } from './reference';
import { capability, equipmentKind } from './visit-type-need';

export const resourceBody = z.object({
  site: siteId,
  kind: equipmentKind,
  name: z.string().trim().min(1).max(200),
  /** What it can do beside its kind, such as `wheelchair` for a room, `es` or `sign` for an interpreter. */
  capabilities: z.array(capability).max(20).default([]),
  active: z.boolean().default(true),
});
type ResourceBody = z.output<typeof resourceBody>;

interface ResourceRow { id: string; practice_id: PracticeId; version: number; site_id: string | null; provider_id: string | null; kind: 'provider' | EquipmentKind; name: string; capabilities: string[]; active: boolean }
const view = ({ id, practice_id, site_id, provider_id, kind, name, capabilities, active, version }: ResourceRow) => ({ id, practice: practice_id, site: site_id, provider: provider_id, kind, name, capabilities, active, version });

/** Whatever cannot be in two places. Rooms, devices, equipment and interpreters are kept here; a provider's own entry follows the provider. */
export const resource: ReferenceKind<ResourceRow, ResourceBody, ReturnType<typeof view>> = {
  noun: 'resource',
  table: new ReferenceTable<ResourceRow>('resource', ['id', 'practice_id', 'version', 'site_id', 'provider_id', 'kind', 'name', 'capabilities', 'active']),
  rowOf: (body, identity) => ({ ...identity, site_id: body.site, provider_id: null, kind: body.kind, name: body.name, capabilities: [...new Set(body.capabilities)], active: body.active }),
  viewOf: view,
  check: (tx, row, body) => requireOwn(tx, 'site', row.practice_id, [body.site], 'site'),
};

export class ProviderIsNoEquipment extends DomainError {
  constructor() {
    super('unprocessable', 'resource-is-a-provider', "A provider's entry is changed with the provider, not here.");
  }
}
