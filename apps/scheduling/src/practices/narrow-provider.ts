import { Injectable } from '@nestjs/common';
import type { PracticeId, ProviderId } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { provider } from './provider';
import { ReferenceUnknown } from './reference';

export interface PartnerSettings {
  readonly visitsPerDay: number | null;
}

/** What a provider takes of partners' visits, below what agreements let in. Throws ReferenceUnknown also for a partner's. */
@Injectable()
export class NarrowProvider {
  async read(sql: Sql, practice: PracticeId, id: ProviderId): Promise<PartnerSettings> {
    const [found] = await sql.query<PartnerSettings>('SELECT partner_visits_per_day AS "visitsPerDay" FROM provider WHERE id = $1 AND practice_id = $2', [id, practice]);
    if (!found) throw new ReferenceUnknown(provider.noun);
    return found;
  }

  async execute(tx: Tx, practice: PracticeId, id: ProviderId, visitsPerDay: number | null): Promise<PartnerSettings> {
    const before = await this.read(tx, practice, id);
    await tx.execute('UPDATE provider SET partner_visits_per_day = $3 WHERE id = $1 AND practice_id = $2', [id, practice, visitsPerDay]);
    tx.audit.record({ action: 'provider.partner-visits-limited', entity: 'provider', entityId: id, details: { before: before.visitsPerDay, after: visitsPerDay } });
    return { visitsPerDay };
  }
}
