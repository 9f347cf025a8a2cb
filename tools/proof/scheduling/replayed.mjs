import { waitUntil } from '../../launcher/wait-until.mjs';

/** What each event says of its aggregate: how it stands, and at which revision where it has one. */
const TOPICS = {
  'scheduling.appointment.v1': { kind: 'appointment', end: (/** @type {any} */ { appointment: { id, status, revision } }) => ({ id, state: status, revision }) },
  'scheduling.offer.v1': { kind: 'offer', end: (/** @type {any} */ { offer: { id, state, revision } }) => ({ id, state, revision }) },
  'scheduling.hold.v1': { kind: 'hold', end: (/** @type {any} */ { id, outcome = 'active' }) => ({ id, state: outcome, revision: null }) },
  'scheduling.waitlist-entry.v1': { kind: 'waitlist entry', end: (/** @type {any} */ { id, service, outcome = service ? 'waiting' : 'expired' }) => ({ id, state: outcome, revision: null }) },
  'scheduling.offer-round.v1': { kind: 'offer round', end: (/** @type {any} */ { id, outcome }) => ({ id, state: outcome, revision: null }) },
};

/** P9: reads everything that was published of visits, holds, entries, rounds and offers and compares the end of each with its row: none missing, none ahead, no hole.
 * @param {{ databaseUrl: string, kafkaBrokers: string }} stack @returns {Promise<string[]>} */
export async function replayed({ databaseUrl, kafkaBrokers }) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl.replace(/\/[^/?]*(\?|$)/, '/scheduling$1') });
  await client.connect();
  try {
    const empty = await waitUntil(async () => Number((await client.query('SELECT count(*) AS n FROM outbox')).rows[0].n) === 0, { seconds: 60, everyMs: 200 });
    if (!empty) return ['the outbox does not run empty'];
    const rows = {
      appointment: (await client.query(`SELECT id, status AS state, revision FROM appointment`)).rows,
      offer: (await client.query(`SELECT id, state, revision FROM offer`)).rows,
      hold: (await client.query(`SELECT id, state, NULL AS revision FROM hold`)).rows,
      'waitlist entry': (await client.query(`SELECT id, status AS state, NULL AS revision FROM waitlist_entry`)).rows,
      'offer round': (await client.query(`SELECT id, state, NULL AS revision FROM offer_round WHERE ended_at IS NOT NULL`)).rows,
    };
    const { ends, parts, faults } = await read(kafkaBrokers);
    for (const [kind, column] of [['series', 'series_id'], ['chain', 'chain_id']]) {
      const { rows: whole } = await client.query(`SELECT ${column} AS id, count(*)::int AS visits FROM appointment WHERE ${column} IS NOT NULL GROUP BY 1`);
      // What was booked as one was published as one: as many visits that name it, and no other.
      for (const { id, visits } of whole) if (parts.get(`${kind}/${id}`)?.size !== visits) faults.push(`${kind} ${id} has ${visits} visits, published were ${parts.get(`${kind}/${id}`)?.size ?? 0}`);
      if (whole.length !== [...parts.keys()].filter((key) => key.startsWith(`${kind}/`)).length) faults.push(`${kind}: something was published that is not there`);
    }
    for (const [kind, list] of Object.entries(rows)) {
      for (const { id, state, revision } of list) {
        const end = ends.get(`${kind}/${id}`);
        if (end?.state !== state || end.revision !== revision) faults.push(`${kind} ${id} is ${state}${at(revision)}, published as ${end ? `${end.state}${at(end.revision)}` : 'nothing'}`);
      }
      if (list.length !== [...ends.keys()].filter((key) => key.startsWith(`${kind}/`)).length) faults.push(`${kind}: something was published that is not there`);
    }
    return faults.slice(0, 20);
  } finally {
    await client.end();
  }
}

const at = (/** @type {number | null} */ revision) => (revision === null ? '' : ` at revision ${revision}`);

/** @param {string} brokers */
async function read(brokers) {
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  const kafka = new Kafka({ clientId: 'proof', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  /** @type {Map<string, number>} records still to come, by topic and partition */
  const left = new Map();
  for (const topic of Object.keys(TOPICS)) for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) if (Number(high) > Number(low)) left.set(`${topic}/${partition}`, Number(high));
  await admin.disconnect();
  /** @type {Map<string, { sequence: number, state: string, revision: number | null }>} */
  const ends = new Map();
  /** @type {Map<string, Set<string>>} the visits of each series and chain */
  const parts = new Map();
  /** @type {string[]} */
  const faults = [];
  const consumer = kafka.consumer({ groupId: `proof-${Date.now()}`, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topics: Object.keys(TOPICS), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const sequence = Number(message.headers?.ce_sequence?.toString());
      const value = JSON.parse(String(message.value));
      const { kind, end } = TOPICS[topic];
      const { id, state, revision } = end(value);
      if (kind === 'appointment') for (const whole of ['series', 'chain']) if (value.appointment?.[whole]) parts.set(`${whole}/${value.appointment[whole]}`, (parts.get(`${whole}/${value.appointment[whole]}`) ?? new Set()).add(id));
      const last = ends.get(`${kind}/${id}`)?.sequence ?? 0;
      // A repeat is dropped by every inbox; a hole would park the key.
      if (sequence > last + 1) faults.push(`${kind} ${id}: ${sequence} follows ${last}`);
      if (sequence === last + 1) ends.set(`${kind}/${id}`, { sequence, state, revision });
      if (Number(message.offset) + 1 >= (left.get(`${topic}/${partition}`) ?? 0)) left.delete(`${topic}/${partition}`);
    },
  });
  const all = await waitUntil(async () => left.size === 0, { seconds: 120, everyMs: 100 });
  await consumer.disconnect();
  if (!all) faults.push('not everything that was published could be read');
  return { ends, parts, faults };
}
