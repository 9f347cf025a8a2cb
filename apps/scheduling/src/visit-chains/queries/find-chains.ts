import { Injectable } from '@nestjs/common';
import { type Instant, type PatientId, type PracticeId, type ProviderId, type ServiceCode, type TimeRange, type VisitTypeId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { type FoundOpening, FindOpenings } from '../../openings/queries/find-openings';
import type { Gap } from '../domain/gap';
import { type ChainOpening, sweepChains } from '../domain/sweep-chains';

export interface WantedStep {
  readonly service?: ServiceCode | undefined;
  readonly visitType?: VisitTypeId | undefined;
  readonly practice?: PracticeId | undefined;
  readonly provider?: ProviderId | undefined;
}
export interface ChainSearch {
  readonly steps: readonly WantedStep[];
  readonly gaps: readonly Gap[];
  readonly patient?: PatientId | undefined;
  readonly range: TimeRange;
  readonly limit: number;
}
export interface ChainsFound {
  readonly chains: readonly (readonly FoundOpening[])[];
  /** Where there was too much to look at: only what ends before it is known. */
  readonly until: Instant | null;
}
interface Swept extends ChainOpening {
  readonly opening: FoundOpening;
}
/** Work is bounded: this many openings are read at a time, this often. */
const AT_ONCE = 100;
const MOST_READS = 40;

/** Openings, own and of partners, that follow one another as asked, the earliest end first. May be stale the moment it is answered (P5). */
@Injectable()
export class FindChains {
  constructor(private readonly find: FindOpenings) {}

  async execute(sql: Sql, guest: PracticeId, { steps, gaps, patient, range, limit }: ChainSearch, now: Instant): Promise<ChainsFound> {
    const { chains, until } = await sweepChains<Swept>({ gaps, from: range.start, limit, mostReads: MOST_READS }, async (step, from, behind) => {
      const { service, visitType, practice, provider } = steps[step] ?? {};
      const { openings, more } = await this.find.execute(sql, guest, {
        ...(service ? { service } : {}), ...(visitType ? { visitType } : {}), ...(practice ? { practice } : {}), ...(provider ? { provider } : {}), ...(patient ? { patient } : {}),
        atOnce: true, range: { start: from, end: range.end }, limit: AT_ONCE, ...(behind ? { after: behind } : {}),
      }, now);
      return { openings: openings.flatMap(asSwept), last: openings.at(-1) ?? null, more };
    });
    return { chains: chains.map((chain) => chain.map(({ opening }) => opening)), until };
  }
}

/** What is booked on another system's page cannot be booked as one with the rest. */
function asSwept(opening: FoundOpening): Swept[] {
  const { offer, how, id, start, end } = opening;
  if (how.bookable !== 'hold' || offer.visitType === null) return [];
  return [{ id, start, end, zone: offer.zone, provider: { resource: offer.providerResource, bufferBeforeMinutes: offer.bufferBeforeMinutes, bufferAfterMinutes: offer.bufferAfterMinutes }, opening }];
}
