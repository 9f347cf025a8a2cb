// Proof: 200 simultaneous holds of one opening by one desk give one 201 and 199 times 409, nothing else, on each of 50 openings (P1).
import { startTestStack } from '../launcher/test-stack.mjs';
import { parseArgs } from 'node:util';

/** @param {string[]} options --rounds N --clients N */
export async function prove(options) {
  const { values } = parseArgs({ args: options, options: { rounds: { type: 'string', default: '50' }, clients: { type: 'string', default: '200' } } });
  const [rounds, clients] = [Number(values.rounds), Number(values.clients)];
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const stack = await startTestStack({ signal: interrupted.signal });
  try {
    process.env.SLOTMESH_URL = stack.publicUrl;
    const { signIn } = await import('../demo/stack.mjs');
    const desk = await signIn('frontdesk@harbor.example');
    const openings = await openingsOf(desk, rounds);
    const t0 = Date.now();
    const wrong = [];
    for (const [round, opening] of openings.entries()) {
      const answers = await Promise.all(Array.from({ length: clients }, () => desk('POST', '/api/scheduling/v1/holds', { opening: opening.id }, { expect: [200, 201, 400, 404, 409, 422, 429, 500, 502, 503, 504] })));
      const counts = countBy(answers.map(({ http }) => http));
      if (counts[201] !== 1 || counts[409] !== clients - 1) wrong.push({ round, counts });
      if ((round + 1) % 10 === 0) console.log(`  ${round + 1} of ${rounds} openings, ${((Date.now() - t0) / 1000).toFixed(0)} s, last ${JSON.stringify(counts)}`);
    }
    const overlaps = await overlapping(stack.databaseUrl);
    console.log(`${rounds} openings, ${clients} holds each, through the gateway: ${wrong.length} rounds other than one 201 and ${clients - 1} times 409; ${overlaps} overlapping occupancy rows; ${((Date.now() - t0) / 1000).toFixed(0)} s`);
    for (const round of wrong) console.log(JSON.stringify(round));
    return wrong.length === 0 && overlaps === 0 && openings.length === rounds;
  } finally {
    await stack.stop();
  }
}

async function openingsOf(desk, count) {
  const from = new Date(Date.now() + 86_400_000);
  const query = new URLSearchParams({ service: 'primary-care-visit', practice: 'harbor', from: from.toISOString(), to: new Date(from.getTime() + 30 * 86_400_000).toISOString(), limit: '200' });
  const { items } = await desk('GET', `/api/scheduling/v1/openings?${query}`);
  // Why one per start: an opening of the same provider must not be in the way of another.
  const apart = [];
  for (const item of items) if (!apart.some((other) => other.provider.id === item.provider.id && other.start < item.end && item.start < other.end)) apart.push(item);
  return apart.slice(0, count);
}

export const countBy = (values) => values.reduce((counts, value) => ({ ...counts, [value]: (counts[value] ?? 0) + 1 }), {});

/** Pairs of active rows of one resource and lane that overlap, looked for without the constraint's own index. */
export async function overlapping(databaseUrl) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl.replace(/\/[^/?]*(\?|$)/, '/scheduling$1') });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT count(*)::int AS n FROM occupancy a JOIN occupancy b ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during WHERE a.active AND b.active');
    return rows[0].n;
  } finally {
    await client.end();
  }
}
