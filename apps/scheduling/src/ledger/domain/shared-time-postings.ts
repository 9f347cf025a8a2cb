import type { EventData, SharedTimeEnded, SharedTimeOffered, SharedTimeReduced } from '@slotmesh/contracts';
import type { AccountOf, Posting } from './posting';
import { slotMinutes } from './slot-minutes';

type Day = Pick<EventData<typeof SharedTimeEnded>, 'id' | 'agreement' | 'host' | 'date' | 'at'>;
type Move = Pick<Posting, 'from' | 'to' | 'booking'> & { readonly minutes: number };

export const postingsOfOffered = (event: EventData<typeof SharedTimeOffered>, step: number): Posting[] => postings(event, step, [move(event, 'capacity', 'pool', event.minutes)]);

export const postingsOfReduced = (event: EventData<typeof SharedTimeReduced>, step: number): Posting[] =>
  postings(event, step, [move(event, 'pool', 'withdrawn-late', event.withdrawn), move(event, 'pool', 'taken-back', event.takenBack)]);

export const postingsOfEnded = (event: EventData<typeof SharedTimeEnded>, step: number): Posting[] => postings(event, step, [
  move(event, 'capacity', 'pool', event.offered),
  ...event.late.map(({ booking, minutes, account }): Move => ({ from: { practice: event.host, account: 'pool' }, to: account === 'wasted' ? { practice: booking, account } : { practice: event.host, account }, booking, minutes })),
  move(event, 'pool', 'taken-back', event.takenBack),
  move(event, 'pool', 'returned', event.returned),
]);

const move = ({ host }: Day, from: AccountOf['account'], to: AccountOf['account'], minutes: number): Move => ({ from: { practice: host, account: from }, to: { practice: host, account: to }, booking: null, minutes });
const postings = (day: Day, step: number, moves: readonly Move[]): Posting[] => moves.filter(({ minutes }) => minutes > 0).map((one, part) => ({
  ...one, minutes: slotMinutes(one.minutes), cause: { kind: 'shared-day', id: day.id, step, part }, agreement: day.agreement, host: day.host, day: day.date, at: day.at,
}));
