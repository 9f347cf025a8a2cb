import { SupplyStated } from '@slotmesh/contracts';
import { type Instant, type LocalDate, type PracticeId, type ProviderId, formatInstant, stableId } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { Supply } from './domain/supply-of-date';

export function supplyStated({ host, provider, date }: { readonly host: PracticeId; readonly provider: ProviderId; readonly date: LocalDate }, { minutes, shared, sites, services }: Supply, at: Instant): OutgoingEvent {
  const id = stableId(`supply/${provider}/${date}`);
  return eventOf(SupplyStated, { key: id, host }, { id, host, provider, date, at: formatInstant(at), minutes, shared, sites: [...sites], services: [...services] });
}
