import { Injectable } from '@nestjs/common';
import { DAY, type Instant, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Appointment } from '../../appointments/domain/appointment';
import { type FoundOpening, FindOpenings, type OpeningSearch } from '../../openings/queries/find-openings';
import { ChainGaps } from '../../visit-chains/chain-gaps';
import { type MoveCandidate, type ProposedMove, areNearAndEnough, bestMoves } from '../domain/moves';

export interface Target extends MoveCandidate {
  readonly found: FoundOpening;
}
const DAYS_BEFORE = 3;

/** Times to which an affected visit could go. May be stale the moment it is answered; carrying out never is (P5). */
@Injectable()
export class ProposeMoves {
  constructor(private readonly find: FindOpenings, private readonly gaps: ChainGaps) {}

  /** Within notice and horizon of the visit types, beside the patient's other visits (P8), with the gaps to those that it is linked with. A visit that a partner booked stays in the own calendar: a third practice is for who booked it. */
  async execute(tx: Tx, visit: Appointment): Promise<ProposedMove<Target>[]> {
    const from = Math.max(tx.now, plusMs(visit.start, -DAYS_BEFORE * DAY)) as Instant;
    const wanted = { service: visit.service, modality: visit.modality, patient: visit.patient, atOnce: true as const };
    const until = (days: number) => ({ range: { start: from, end: plusMs(from, days * DAY) } });
    const searches: OpeningSearch[] = [
      { ...wanted, practice: visit.host, provider: visit.provider, ...until(35), limit: 200 },
      { ...wanted, practice: visit.host, ...until(17), limit: 200 },
      ...(visit.booking === visit.host ? [{ ...wanted, ...until(17), limit: 200 }] : []),
    ];
    const place = { ...visit, practice: visit.host };
    const keepsGaps = await this.gaps.keeper(tx, visit);
    const targets = new Map<string, Target>();
    let best: ProposedMove<Target>[] = [];
    // Why in turn: each looks at what comes behind all that the one before has found, so that mostly the first is enough.
    for (const search of searches) {
      const { openings } = await this.find.execute(tx, visit.host, search, tx.now);
      for (const found of openings) {
        const { offer } = found;
        if (found.how.bookable === 'hold' && offer.provider !== null && keepsGaps({ start: found.start, end: found.end, zone: offer.zone })) targets.set(found.id, { id: found.id, practice: offer.practice, site: offer.site, provider: offer.provider, start: found.start, zone: offer.zone, found });
      }
      best = bestMoves(place, [...targets.values()]);
      if (areNearAndEnough(place, best)) break;
    }
    return best;
  }
}
