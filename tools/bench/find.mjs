// Third figure of DESIGN section 9: FHIR Appointment/$find over 50 schedules and a week.
import { percentile } from './percentile.mjs';
import { onCalendar } from './reading/on-calendar.mjs';

export const name = 'find';

const seconds = 15;
const wantedPerSecond = 600;
const wantedP99 = 60;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export const run = ({ note }) => onCalendar({ providers: 50, full: 0.6 }, async ({ sown, base, list, load, measure }) => {
  const finds = Array.from({ length: 28 }, (_, n) => {
    const start = new Date(Date.now() + n * 86_400_000);
    const end = new Date(start.getTime() + 7 * 86_400_000);
    return `${base}/fhir/R4/Appointment/$find?${new URLSearchParams({ start: start.toISOString(), end: end.toISOString(), organization: `Organization/${sown.practice}`, 'visit-type': sown.services[n % sown.services.length] ?? '', _count: '20' })}`;
  });
  const first = await load.one(finds[0] ?? '');
  note(`a searchset of ${first.entry.length} entries`);
  const bare = await measure([list], seconds);
  const find = await measure(finds, seconds);
  const p99 = percentile(find.latencies, 0.99);
  const ratio = find.perSecond / bare.perSecond;
  return [
    { what: '$find, 50 schedules, one week, 16 connections', measured: `${find.perSecond.toFixed(0)}/s`, limit: `${bare.perSecond.toFixed(0)}/s (bare SELECT of 20 rows, same HTTP stack)`, ratio, wanted: `> ${wantedPerSecond}/s`, holds: find.perSecond > wantedPerSecond },
    { what: 'the same, p99', measured: `${p99.toFixed(1)} ms (p50 ${percentile(find.latencies, 0.5).toFixed(1)} ms)`, limit: '-', ratio: null, wanted: `< ${wantedP99} ms`, holds: p99 < wantedP99 },
    { what: 'answers other than 200', measured: `${find.faults + bare.faults} of ${find.latencies.length + bare.latencies.length}`, limit: '-', ratio: null, wanted: '0', holds: find.faults + bare.faults === 0 },
  ];
});
