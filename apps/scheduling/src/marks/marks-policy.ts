import { Injectable } from '@nestjs/common';
import type { Instant, PatientId, PracticeId, VisitTypeId } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Offering } from '../openings/domain/opening';
import type { MarksRule } from '../policies/domain/policy';
import { storedPolicy } from '../policies/policy.schema';
import { TooManyMarks } from './domain/mark.errors';
import { MarkRepository } from './persistence/mark.repository';

/** What marks lead to: the own desk is asked for a reason, and the patient's own page moves nothing. Partners are never refused by them (ADR 0013). */
@Injectable()
export class MarksPolicy {
  constructor(private readonly marks: MarkRepository) {}

  /** A desk's booking into its own calendar. `reason`: why all the same. Throws TooManyMarks. */
  async require(tx: Tx, offering: Pick<Offering, 'practice' | 'policy'>, patient: PatientId, reason: string | null): Promise<void> {
    const rule = offering.policy?.marks ?? null;
    if (rule === null) return;
    const marks = await this.marks.count(tx, offering.practice, patient, rule.withinDays, tx.now);
    if (marks <= rule.max) return;
    if (reason === null) throw new TooManyMarks({ marks, ...rule });
    tx.audit.record({ action: 'appointment.booked-despite-marks', entity: 'patient', entityId: patient, patient, details: { marks, reason } });
  }

  async isOver(sql: Sql, host: PracticeId, visitType: VisitTypeId, patient: PatientId, now: Instant): Promise<boolean> {
    const [row] = await sql.query<{ policy: unknown }>('SELECT policy FROM visit_type WHERE id = $1', [visitType]);
    const rule: MarksRule | null = storedPolicy(row?.policy ?? null)?.marks ?? null;
    return rule !== null && (await this.marks.count(sql, host, patient, rule.withinDays, now)) > rule.max;
  }
}
