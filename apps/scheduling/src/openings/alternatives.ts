import { Injectable } from '@nestjs/common';
import { DAY, type Instant, type PracticeId, type ServiceCode, type VisitTypeId, plusMs } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { slotConflicts } from './conflicts';
import type { PatientNeeds } from './domain/care';
import { OpeningTaken, SessionLimitReached } from './domain/opening.errors';
import type { Offering } from './domain/opening';
import { viewOfOpenings } from './opening.view';
import type { Loss } from './persistence/occupancy.repository';
import { FindOpenings } from './queries/find-openings';

/** What a desk may offer instead of a time that is gone: the same service, from a day before on, three at most (P5). */
@Injectable()
export class Alternatives {
  constructor(private readonly find: FindOpenings) {}

  /** `why`: whether somebody has the time, or its session is full. */
  async taken(sql: Sql, guest: PracticeId, offering: Offering, start: Instant, now: Instant, needs: PatientNeeds | null = null, why: Loss | 'not-open' | 'quota-used' = 'taken'): Promise<OpeningTaken> {
    const taken = await this.near(sql, guest, { service: offering.service, modality: offering.modality, needs }, start, now);
    return why === 'session-limit' ? new SessionLimitReached(taken.alternatives) : taken;
  }

  /** The same for a hold whose opening may no longer be used. */
  async gone(sql: Sql, guest: PracticeId, hold: { readonly visitType: VisitTypeId; readonly start: Instant }, now: Instant, needs: PatientNeeds | null = null): Promise<OpeningTaken> {
    return this.near(sql, guest, { visitType: hold.visitType, needs }, hold.start, now);
  }

  private async near(sql: Sql, guest: PracticeId, wanted: { readonly service?: ServiceCode; readonly visitType?: VisitTypeId; readonly modality?: Offering['modality']; readonly needs: PatientNeeds | null }, start: Instant, now: Instant): Promise<OpeningTaken> {
    slotConflicts.inc();
    const from = Math.max(now, plusMs(start, -DAY)) as Instant;
    const { openings } = await this.find.execute(sql, guest, { ...wanted, range: { start: from, end: plusMs(from, 14 * DAY) }, limit: 3 }, now);
    return new OpeningTaken(viewOfOpenings(openings, guest));
  }
}
