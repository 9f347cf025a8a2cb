// Second figure of DESIGN section 9: the search over 1,000 providers and 90 days that are 60 % full, with mixed filters, beside a bare list of 20 rows through the same HTTP stack.
import { percentile } from './percentile.mjs';
import { days } from './reading/sow-calendar.mjs';
import { onCalendar } from './reading/on-calendar.mjs';

export const name = 'search';

const seconds = 15;
const wantedRatio = 0.5;
const wantedP99 = 40;

/** @param {import('./bench.mjs').BenchContext} context @returns {Promise<import('./bench.mjs').Figure[]>} */
export const run = ({ note }) => onCalendar({ providers: 1_000, full: 0.6 }, async ({ sown, base, list, load, measure }) => {
  const searches = mixed(sown).map((query) => `${base}/api/scheduling/v1/openings?${query}`);
  let found = 0;
  for (const url of searches) found += (await load.one(url)).items.length > 0 ? 1 : 0;
  note(`${found} of the ${searches.length} searches find something`);
  const bare = await measure([list], seconds);
  const search = await measure(searches, seconds);
  for (const [what, { perSecond, latencies }] of /** @type {const} */ ([['a bare list of 20 rows', bare], ['the search', search]])) {
    note(`${what}: ${perSecond.toFixed(0)}/s, p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`);
  }
  const p99 = percentile(search.latencies, 0.99);
  const ratio = search.perSecond / bare.perSecond;
  return [
    { what: 'searches, 1,000 providers, 90 days, 60 % full, 16 connections', measured: `${search.perSecond.toFixed(0)}/s`, limit: `${bare.perSecond.toFixed(0)}/s (bare SELECT of 20 rows, same HTTP stack)`, ratio, wanted: `>= ${wantedRatio}`, holds: ratio >= wantedRatio },
    { what: 'the same, p99', measured: `${p99.toFixed(1)} ms (p50 ${percentile(search.latencies, 0.5).toFixed(1)} ms)`, limit: '-', ratio: null, wanted: `< ${wantedP99} ms`, holds: p99 < wantedP99 },
    { what: 'answers other than 200', measured: `${search.faults + bare.faults} of ${search.latencies.length + bare.latencies.length}`, limit: '-', ratio: null, wanted: '0', holds: search.faults + bare.faults === 0 },
  ];
});

/** What desks ask: a service anywhere, near, with one provider, at one site, in a language, by a payer, on the phone, in the morning, in some weeks. @param {{ services: string[], providers: string[], sites: string[], visitTypes: string[] }} sown */
function mixed({ services, providers, sites, visitTypes }) {
  const from = (/** @type {number} */ day) => new Date(Date.now() + day * 86_400_000).toISOString();
  return Array.from({ length: 240 }, (_, n) => {
    const span = { from: from(n % (days - 14)), to: from((n % (days - 14)) + 14) };
    const pick = (/** @type {string[]} */ of) => of[(n * 7) % of.length] ?? '';
    const kinds = /** @type {Record<string, string>[]} */ ([
      { service: pick(services) }, { service: pick(services), near: '41.9,-87.6', radiusKm: '20' }, { visitType: pick(visitTypes), provider: pick(providers) }, { service: pick(services), site: pick(sites) },
      { service: pick(services), language: 'es' }, { service: pick(services), payer: 'medicare' }, { service: pick(services), modality: 'video' }, { visitType: pick(visitTypes), partOfDay: 'morning' },
    ]);
    return new URLSearchParams({ ...span, ...kinds[n % kinds.length] });
  });
}
