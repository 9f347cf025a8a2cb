import { Inject, Injectable } from '@nestjs/common';
import { type HoldId, type Instant, type OpeningId, type PatientId, type PracticeId, newId, plusMinutes } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../../config';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, type Overbook, lanesFor } from '../../openings/bookability';
import { CareRepository } from '../../openings/persistence/care.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import type { Hold, PlacedHold } from '../domain/hold';
import { HoldRepository, endedInTheWay, holdPlaced } from '../persistence/hold.repository';

/** Takes an opening for a few minutes so that a person can finish the booking. Throws OpeningTaken, SessionLimitReached, KeptForOthers, OpeningNeverBookable, NotShared, PatientRestricts, OverbookNotPermitted. */
@Injectable()
export class HoldOpening {
  constructor(
    private readonly bookability: Bookability,
    private readonly occupancy: OccupancyRepository,
    private readonly quotas: QuotaRepository,
    private readonly holds: HoldRepository,
    private readonly care: CareRepository,
    private readonly alternatives: Alternatives,
    private readonly restrictions: RestrictionRepository,
    @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig,
  ) {}

  /** `until`: for how long; default as long as a desk needs to finish. `patient`, one of the holder's own: then what that patient needs is taken, too. */
  async execute(tx: Tx, holder: { readonly practice: PracticeId; readonly subject: string }, opening: OpeningId, more: { readonly until?: Instant; readonly patient?: PatientId; readonly overbook?: Overbook } = {}): Promise<PlacedHold> {
    const needs = more.patient === undefined ? null : await this.care.needsOfOwn(tx, holder.practice, more.patient);
    const time = await this.bookability.decide(tx, holder.practice, opening, tx.now, [], needs);
    const host = time.offering.practice;
    if (more.patient !== undefined && host !== holder.practice) await this.restrictions.require(tx, more.patient, host);
    if ('lost' in time) throw await this.alternatives.taken(tx, holder.practice, time.offering, time.start, tx.now, needs);
    const id = newId<HoldId>();
    const inTheWay = endedInTheWay(tx);
    const lost = await this.occupancy.lossOf(tx, holder.practice, time, { hold: id, appointment: null }, inTheWay.onEnded, [], lanesFor(holder.practice, time, more.overbook ?? null));
    const quotas = lost === null ? await this.quotas.move(tx, inTheWay.freed, time.offering.practice, time.quotas) : null;
    if (quotas === null) throw await this.alternatives.taken(tx, holder.practice, time.offering, time.start, tx.now, needs, lost ?? 'taken');
    const hold: Hold = {
      id, opening, host: time.offering.practice, holder: holder.practice, holderSubject: holder.subject, agreement: time.agreement, quotas,
      visitType: time.offering.visitType, provider: time.offering.provider, site: time.offering.site, start: time.start, end: time.end,
      placedAt: tx.now, expiresAt: more.until ?? plusMinutes(tx.now, this.config.HOLD_MINUTES), state: 'active', care: time.care, overbook: more.overbook !== undefined,
    };
    await this.holds.insert(tx, hold);
    tx.outbox.add(holdPlaced(hold));
    if (more.overbook) tx.audit.record({ action: 'hold.overbooked', entity: 'hold', entityId: id });
    if (more.patient !== undefined) tx.audit.record({ action: 'hold.placed', entity: 'hold', entityId: id, patient: more.patient, details: { host: hold.host } });
    const { partnerApprovalHours: withinHours } = time.offering;
    return { ...hold, approval: time.approveBy === null || withinHours === null ? null : { withinHours, by: time.approveBy } };
  }
}
