import { SharedTimeEnded, SharedTimeOffered, SharedTimeReduced } from '@slotmesh/contracts';
import { type AgreementId, type Instant, type LocalDate, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import { type DayChange, type DayEnd, placesOf } from './domain/shared-day';

interface DayFacts {
  readonly id: string;
  readonly agreement: AgreementId;
  readonly host: PracticeId;
  readonly date: LocalDate;
}
const facts = (day: DayFacts, at: Instant) => ({ id: day.id, agreement: day.agreement, host: day.host, date: day.date, at: formatInstant(at) });
const place = ({ id, host }: DayFacts) => ({ key: id, host });

/** None where nothing changed. */
export function dayChanged(day: DayFacts, change: DayChange, at: Instant): OutgoingEvent[] {
  const { offered, withdrawn, takenBack } = change;
  if (offered > 0) return [eventOf(SharedTimeOffered, place(day), { ...facts(day, at), minutes: offered, places: placesOf(change.day.visits) })];
  return withdrawn + takenBack > 0 ? [eventOf(SharedTimeReduced, place(day), { ...facts(day, at), withdrawn, takenBack })] : [];
}

/** None where nothing was open and nobody came. */
export function dayEnded(day: DayFacts, { offered, takenBack, returned, late }: DayEnd, at: Instant): OutgoingEvent[] {
  if (offered + takenBack + returned === 0 && late.length === 0) return [];
  return [eventOf(SharedTimeEnded, place(day), { ...facts(day, at), offered, takenBack, returned, late: late.map(({ id, booking, minutes, account }) => ({ appointment: id, booking, minutes, account })) })];
}
