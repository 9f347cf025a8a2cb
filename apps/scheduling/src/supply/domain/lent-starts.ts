import { FIRST_INSTANT, HOUR, type Instant, type PracticeId, plusMs } from '@slotmesh/kernel';
import { type Agreement, type ShareFacts, type ShareRequest, decideSharing, isCovered } from '../../agreements/domain/share-rule';

/** More than fit on any date, and no limit's way to say that there is none. */
const MANY = 1_000_000;

/**
 * Whether partners could ever have a start, by the one decision of search and booking (P7), asked as of the last moment before it returns to its owner: by then everything that opens has opened, and which versions are in force then is known today.
 * Quotas, and rules by how the host stands with its own patients, say how many of the visits partners may have, and not which time is theirs: they stand open here. Null: no rule speaks of it.
 */
export function lentStarts(request: Omit<ShareRequest, 'start' | 'booking' | 'asksFirst'>, guests: readonly PracticeId[], agreements: readonly Agreement[]): ((start: Instant) => boolean) | null {
  const asked = guests.map((booking) => ({ ...request, booking, asksFirst: null })).filter((one) => isCovered(one, agreements));
  if (asked.length === 0) return null;
  const returns = [...new Set(agreements.flatMap(({ rules }) => rules).filter((rule) => rule.host === request.host).map((rule) => rule.returnsHoursBefore ?? 0))].sort((a, b) => a - b);
  return (start) => asked.some((one) => returns.some((hours) => decideSharing({ ...one, start }, agreements, asOf(plusMs(start, -hours * HOUR - 1))).allowed));
}

const asOf = (now: Instant): ShareFacts => ({ now, used: () => 0, ownWaiting: () => false, firstOwnStart: () => now, visitsThatFit: () => MANY });

/** As if papers that hold now were renewed each time, and those that do not never. */
export function withPapersOf(agreements: readonly Agreement[], now: Instant): Agreement[] {
  return agreements.map((agreement) => ({
    ...agreement,
    standings: Object.fromEntries(Object.entries(agreement.standings ?? {}).map(([practice, standing]) => [practice, standing && { ...standing, papersUntil: standing.papersUntil !== null && standing.papersUntil <= now ? FIRST_INSTANT : null }])),
  }));
}

/** When papers of a party run out next. */
export const papersEnd = (agreements: readonly Agreement[], now: Instant): Instant[] =>
  agreements.flatMap(({ standings = {} }) => Object.values(standings).flatMap((party) => (party?.papersUntil != null && party.papersUntil > now ? [party.papersUntil] : [])));
