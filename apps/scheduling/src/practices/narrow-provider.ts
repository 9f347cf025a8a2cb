import { Injectable } from '@nestjs/common';
import type { PracticeId, ProviderId } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { provider } from './provider';
import { ReferenceUnknown } from './reference';

export interface PartnerSettings {
  readonly visitsPerDay: number | null;
  readonly approvalHours: number | null;
}

/** What a provider takes of partners' visits, below what agreements let in, and whether it is asked first. Throws ReferenceUnknown also for a partner's. */
@Injectable()
export class NarrowProvider {
  async read(sql: Sql, practice: PracticeId, id: ProviderId): Promise<PartnerSettings> {
    const [found] = await sql.query<PartnerSettings>('SELECT partner_visits_per_day AS "visitsPerDay", partner_approval_hours AS "approvalHours" FROM provider WHERE id = $1 AND practice_id = $2', [id, practice]);
    if (!found) throw new ReferenceUnknown(provider.noun);
    return found;
  }

  /** `approvalHours` left out: it stays as it is. */
  async execute(tx: Tx, practice: PracticeId, id: ProviderId, { visitsPerDay, approvalHours }: { readonly visitsPerDay: number | null; readonly approvalHours?: number | null | undefined }): Promise<PartnerSettings> {
    const before = await this.read(tx, practice, id);
    const after = { visitsPerDay, approvalHours: approvalHours === undefined ? before.approvalHours : approvalHours };
    await tx.execute('UPDATE provider SET partner_visits_per_day = $3, partner_approval_hours = $4 WHERE id = $1 AND practice_id = $2', [id, practice, after.visitsPerDay, after.approvalHours]);
    tx.audit.record({ action: 'provider.partner-visits-limited', entity: 'provider', entityId: id, details: { before: before.visitsPerDay, after: visitsPerDay } });
    if (after.approvalHours !== before.approvalHours) tx.audit.record({ action: 'provider.partner-approval-set', entity: 'provider', entityId: id, details: { before: before.approvalHours, after: after.approvalHours } });
    return after;
  }
}
