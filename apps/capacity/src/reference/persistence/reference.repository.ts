import { Injectable } from '@nestjs/common';
import type { AgreementChanged, EventData, PracticeDefined, ServiceDefined, VisitTypeDefined } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';

/** Reference data comes as the whole present state of a key. */
@Injectable()
export class ReferenceRepository {
  async savePractice(tx: Tx, p: EventData<typeof PracticeDefined>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO practice (id, name, zone, partnership, staffed, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, zone = excluded.zone, partnership = excluded.partnership, staffed = excluded.staffed, changed_at = excluded.changed_at`,
      [p.id, p.name, p.zone, p.partnership, p.staffed, formatInstant(at)],
    );
  }

  async saveService(tx: Tx, { code, sensitive = false }: EventData<typeof ServiceDefined>): Promise<void> {
    await tx.execute('INSERT INTO service (code, sensitive) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET sensitive = excluded.sensitive', [code, sensitive]);
  }

  /** Codes that tell why somebody comes. */
  async sensitiveServices(sql: Sql): Promise<ReadonlySet<string>> {
    return new Set((await sql.query<{ code: string }>('SELECT code FROM service WHERE sensitive')).map(({ code }) => code));
  }

  async saveVisitType(tx: Tx, v: EventData<typeof VisitTypeDefined>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO visit_type (id, practice, service, name, duration_minutes, modality, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (id) DO UPDATE SET service = excluded.service, name = excluded.name, duration_minutes = excluded.duration_minutes, modality = excluded.modality, changed_at = excluded.changed_at`,
      [v.id, v.practice, v.service, v.name, v.durationMinutes, v.modality, formatInstant(at)],
    );
  }

  async saveAgreement(tx: Tx, a: EventData<typeof AgreementChanged>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO agreement (id, version, partnership, status, practices, effective_from, effective_to, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id, version) DO UPDATE SET status = excluded.status, practices = excluded.practices, effective_from = excluded.effective_from, effective_to = excluded.effective_to, changed_at = excluded.changed_at`,
      [a.id, a.version, a.partnership, a.status, a.practices, formatInstant(a.effectiveFrom), a.effectiveTo === null ? null : formatInstant(a.effectiveTo), formatInstant(at)],
    );
  }
}
