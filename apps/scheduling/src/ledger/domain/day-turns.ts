import { addDays, HOUR, type Instant, instantOf, type LocalDate, type LocalTime, type Zone } from '@slotmesh/kernel';
import type { Agreement } from '../../agreements/domain/share-rule';

/** The longest time before a visit at which a rule of the host gives it back to its owner. */
export const returnsMs = (agreements: readonly Agreement[], host: string): number =>
  Math.max(0, ...agreements.flatMap(({ rules }) => rules).filter((rule) => rule.host === host).map((rule) => rule.returnsHoursBefore ?? 0)) * HOUR;

/** How many dates ahead a host can have anything open to partners. */
export function daysAhead(agreements: readonly Agreement[], host: string, horizons: readonly number[], now: Instant): number {
  const horizon = Math.min(366, Math.max(0, ...horizons));
  const opens = agreements.filter(({ until }) => until === null || until > now).flatMap(({ rules }) => rules).filter((rule) => rule.host === host).map((rule) => rule.opensDaysBefore ?? horizon);
  return opens.length === 0 ? 0 : Math.min(horizon, Math.max(...opens));
}

/**
 * When time alone may change what is open of a date: a rule opens it (to neighbours, to the network, or also while own patients wait), a visit type's horizon reaches it, a version of the agreement begins or ends, a party leaves or its
 * papers run out, data may go no more, hours that are kept for others are released (looked at in the two nights before), or it is over. Dates turn by the wall of each site, so at several instants where a host has sites in several zones.
 */
export function nextTurn(date: LocalDate, ends: Instant, zones: readonly Zone[], { agreements, host, horizons, now }: { readonly agreements: readonly Agreement[]; readonly host: string; readonly horizons: readonly number[]; readonly now: Instant }): Instant {
  const rules = agreements.flatMap((agreement) => agreement.rules).filter((rule) => rule.host === host);
  const days = [...rules.flatMap(({ opensDaysBefore, networkDaysBefore, ownFirstDays }) => [opensDaysBefore ?? [], networkDaysBefore ?? [], ownFirstDays ?? []].flat()), ...horizons, 1, 0];
  const turns = [...new Set(days)].flatMap((before) => zones.map((zone) => instantOf(addDays(date, -before), '00:00' as LocalTime, zone)));
  const versions = agreements.flatMap(({ from, until, dataSharedUntil = null, standings = {} }) => [from, until, dataSharedUntil, ...Object.values(standings).flatMap((party) => [party?.leavesAt ?? null, party?.papersUntil ?? null])]).filter((at) => at !== null);
  return Math.min(ends, ...[...turns, ...versions].filter((at) => at > now)) as Instant;
}
