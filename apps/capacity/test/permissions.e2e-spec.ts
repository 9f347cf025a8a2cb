import { newId } from '@slotmesh/kernel';
import { RouteCensus, permissionsOfRole } from '@slotmesh/security';
import { breachesOf } from '@slotmesh/testing';
import { RunningCapacity } from './running-capacity';

const quotas = { firstWeek: '2026-12-07', weeks: 1, practices: ['harbor', 'summit'].map((practice, i) => ({ practice, reciprocityHours: 100, services: [{ service: 'skin-check', minutes: 30, lendableShare: 1, capacity: [10], demand: [i === 0 ? 14 : 3] }] })) };

describe('every role on every route of capacity', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => { capacity = await RunningCapacity.start(); });
  afterAll(() => capacity.stop());

  test('P22: each passes exactly where its permission is stated, and no other practice sees or changes a row', async () => {
    for (const id of ['harbor', 'summit', 'desert']) await capacity.practice(id);
    await capacity.agreement();
    const [visit, round] = [capacity.visit(), capacity.round()];
    await capacity.book(visit);
    await capacity.roundEnded(round);
    const [request, message] = [newId(), newId()];
    await capacity.requested({ id: request, host: 'summit', booking: 'harbor', patient: visit.patient, subjects: [{ kind: 'appointment', id: visit.id, revision: 1, step: 'text-3d' }], class: 'exempt-care', template: 'visit-reminder', channels: ['sms'], expiresAt: '2026-07-20T14:00:00Z', visitStart: '2026-07-20T14:00:00Z', dueAt: '2026-07-19T14:00:00Z' });
    await capacity.became({ id: message, request, host: 'summit', patient: visit.patient, subject: { kind: 'appointment', id: visit.id, revision: 1, step: 'text-3d' }, channel: 'sms', outcome: 'sent', reason: null, at: '2026-07-19T14:00:00Z' });
    await capacity.settled();
    const plan = (await capacity.post('manager@summit.example', '/quota-plans', quotas)).body.id;
    const recommendation = newId();
    await capacity.admin.query(`INSERT INTO recommendation (id, practice, kind, state, made_at, looked_at, advice) VALUES ($1, 'summit', 'shared-time-unused', 'over', now(), now(), '{"kind": "shared-time-unused", "service": null, "title": "t", "reason": "r", "measure": null, "now": null, "unit": null, "expected": null, "cost": "c", "sure": "measured", "patients": 1}')`, [recommendation]);
    const whatIf = (await capacity.post('manager@summit.example', '/what-if', { practices: [{ id: 'summit', slotsPerDay: 1, load: 0.5 }], advice: true })).body.id;
    const visits = { csv: ['date', ...Array.from({ length: 200 }, (_, n) => `2025-0${1 + Math.floor(n / 25)}-${10 + (n % 18)}`)].join('\n'), slotsPerDay: 1 };
    const trial = (await capacity.post('manager@summit.example', '/trials', { ...visits, yes: true, beside: 'invented' })).body.id;
    /** Ids of summit's rows, by where they stand in a path. */
    const ids: Readonly<Record<string, string>> = { '/parked-events/:id': newId(), '/quota-plans/:id': plan, '/recommendations/:id': recommendation, '/what-if/:id': whatIf, '/trials/:id': trial };
    const inPlace = (path: string): string => Object.entries(ids).reduce((told, [place, id]) => told.replace(place, place.replace(':id', id)), path.replace('/:measure', '/activity'));
    const query = (path: string): string => {
      if (/:measure($|\/csv|\/rows)/.test(path)) return '?from=2026-07-01&to=2026-07-31';
      if (/\/(measures|reports)(\/|$)/.test(path)) return '?from=2026-07&to=2026-07';
      if (path.endsWith('/forecasts')) return '?service=skin-check';
      return path.endsWith('/outreach-order') ? '?from=2026-12-01&to=2026-12-07' : '';
    };
    const bodies: readonly (readonly [string, object])[] = [
      ['/what-if', { advice: true }], ['/trials/preview', visits], ['/trials', { ...visits, yes: true }], ['/quota-plans', quotas], ['/amendment', { terms: { practices: ['harbor', 'summit'], rules: [] }, effectiveFrom: '2027-01-01T00:00:00Z' }], ['/switch', { wanted: true, reason: 'tried' }], ['/decision', { decision: 'dismissed', why: 'not ours' }],
    ];
    const routes = capacity.app!.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/api/'));
    expect(routes.length).toBeGreaterThan(5);
    expect(await breachesOf({
      url: await capacity.app!.getUrl(), routes, permissionsOfRole, kinds: ['measure'], identity: capacity.identity, owner: 'summit', strangers: ['desert', 'lakeside'], secrets: [visit.id, visit.patient, round.id, request, message, plan, recommendation, whatIf, trial],
      requestOf: ({ method, path }) => ({ path: inPlace(path) + query(path), ...(method === 'GET' ? {} : { body: bodies.find(([end]) => path.endsWith(end))?.[1] ?? {} }) }),
      fingerprint: async () => (await capacity.admin.query<{ all: string }>(`SELECT concat((SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM visit t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM offer_round t), (SELECT string_agg(concat(id, state = 'cancelled'), '' ORDER BY id) FROM what_if WHERE practice = 'summit'), (SELECT string_agg(id::text, '' ORDER BY id) FROM trial WHERE practice = 'summit')) AS all`)).rows[0]!.all,
    })).toEqual([]);
  });
});
