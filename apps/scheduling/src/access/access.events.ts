import { AccessTaken, NetworkAccessTaken } from '@slotmesh/contracts';
import { type Instant, type LocalDate, type PracticeId, type ProviderId, type ServiceCode, type SiteId, type VisitTypeId, type Zone, formatInstant, stableId } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { Wait } from './domain/wait';

export interface OwnWait extends Wait {
  readonly provider: ProviderId;
  readonly visitType: VisitTypeId;
  readonly service: ServiceCode;
  readonly patients: 'new' | 'established' | 'all';
  readonly horizonDays: number;
}
export interface NetworkWait extends Wait {
  readonly service: ServiceCode;
  readonly host: PracticeId | null;
  readonly horizonDays: number;
}
interface Taken {
  readonly practice: PracticeId;
  readonly zone: Zone;
  readonly date: LocalDate;
  readonly at: Instant;
}

/** What fits into one event with room to spare. */
const MOST_WAITS = 400;

/** None where the site gives nothing. */
export function accessTaken({ practice: host, zone, date, at }: Taken, site: SiteId, waits: readonly OwnWait[]): OutgoingEvent[] {
  return Array.from({ length: Math.ceil(waits.length / MOST_WAITS) }, (_, part) => {
    const id = stableId(`access/${site}/${date}${part === 0 ? '' : `/${part}`}`);
    return eventOf(AccessTaken, { key: id, host }, { id, host, site, zone, date, at: formatInstant(at), waits: waits.slice(part * MOST_WAITS, (part + 1) * MOST_WAITS).map((wait) => ({ ...wait, ...written(wait) })) });
  });
}

export function networkAccessTaken({ practice, zone, date, at }: Taken, waits: readonly NetworkWait[]): OutgoingEvent {
  const id = stableId(`access/${practice}/${date}`);
  return eventOf(NetworkAccessTaken, { key: id, host: practice }, { id, practice, zone, date, at: formatInstant(at), waits: waits.map((wait) => ({ ...wait, ...written(wait) })) });
}

const written = ({ first, third }: Wait) => ({ first: first === null ? null : formatInstant(first), third: third === null ? null : formatInstant(third) });
