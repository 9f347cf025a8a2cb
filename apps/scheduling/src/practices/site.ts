import { SiteDefined, zone } from '@slotmesh/contracts';
import type { PracticeId, Zone } from '@slotmesh/kernel';
import { eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { parsePhone } from '../patients/domain/phone';
import { parsedBy } from '../shared/parsed-by';
import { ReferenceTable } from './persistence/reference-table';
import type { ReferenceKind } from './reference';
import { siteShown } from './shown-names';

export const siteBody = z.object({
  name: z.string().trim().min(1).max(200),
  zone,
  phone: parsedBy(parsePhone),
  address: z.object({ line: z.string().trim().min(1).max(200), city: z.string().trim().min(1).max(100), state: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, such as MA'), postalCode: z.string().trim().min(1).max(20) }),
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
  /** Its name or address alone may tell why somebody comes: partners, the public and messages do not name it. */
  sensitive: z.boolean().default(false),
});
type SiteBody = z.output<typeof siteBody>;

interface SiteRow {
  id: string; practice_id: PracticeId; version: number;
  name: string; zone: Zone; phone: string; address: SiteBody['address']; state: string; latitude: number | null; longitude: number | null; sensitive: boolean;
}
const view = ({ id, practice_id, name, zone: at, phone, address, latitude, longitude, sensitive }: SiteRow) => ({ id, practice: practice_id, name, zone: at, phone, address, latitude, longitude, sensitive });

/** A place with a calendar of its own: its zone decides every wall time (FHIR Location). */
export const site: ReferenceKind<SiteRow, SiteBody, ReturnType<typeof siteShown<ReturnType<typeof view>>> & { version: number }> = {
  noun: 'site',
  table: new ReferenceTable<SiteRow>('site', ['id', 'practice_id', 'version', 'name', 'zone', 'phone', 'address', 'state', 'latitude', 'longitude', 'sensitive']),
  rowOf: (body, identity) => ({ ...identity, ...body, state: body.address.state }),
  viewOf: (row, viewer) => ({ ...siteShown(view(row), viewer), version: row.version }),
  event: (row) => eventOf(SiteDefined, { key: row.id, host: row.practice_id }, view(row)),
};
