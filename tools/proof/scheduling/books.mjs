// What must be true of the tables of scheduling when nothing is going on, looked for without the constraints' own indexes.
const LIVE = `('pending', 'booked', 'arrived', 'checked-in', 'fulfilled', 'noshow')`;

/**
 * Each pair of linked visits that follow one another and stand: whether the gap that was asked for holds, least and most, in minutes that pass or in days of the calendar at the place of the earlier one, and whether
 * the last of the acts that gave the two their times (a booking or a move, which asks for all gaps of its visit anew) broke a gap with permission. Why by the ids of audit rows: they are made under the chain's lock, in order.
 */
const LINKS = `CREATE TEMPORARY VIEW link AS
  SELECT a.chain_id, a.id AS earlier, b.id AS later, b.starts_at >= a.ends_at
      AND CASE WHEN g.min ? 'minutes' THEN b.starts_at >= a.ends_at + (g.min->>'minutes')::int * interval '1 minute' ELSE d.days >= (g.min->>'days')::int END
      AND CASE WHEN g.max IS NULL OR g.max = 'null' THEN true WHEN g.max ? 'minutes' THEN b.starts_at <= a.ends_at + (g.max->>'minutes')::int * interval '1 minute' ELSE d.days <= (g.max->>'days')::int END AS keeps,
    coalesce((SELECT e.details ? 'gapBroken' FROM audit_entry e WHERE e.entity = 'appointment' AND e.entity_id IN (a.id::text, b.id::text) AND e.action IN ('appointment.booked', 'appointment.rescheduled') ORDER BY e.id DESC LIMIT 1), false) AS on_purpose
  FROM appointment a JOIN appointment b ON b.chain_id = a.chain_id AND b.chain_step = a.chain_step + 1 JOIN visit_chain c ON c.id = a.chain_id
    CROSS JOIN LATERAL (SELECT c.gaps->(a.chain_step - 1)->'min' AS min, c.gaps->(a.chain_step - 1)->'max' AS max) g
    CROSS JOIN LATERAL (SELECT (b.starts_at AT TIME ZONE a.zone)::date - (a.ends_at AT TIME ZONE a.zone)::date AS days) d
  WHERE a.status IN ${LIVE} AND b.status IN ${LIVE}`;

/** Each gives the rows that must not be there. */
const RULES = {
  'P1: a resource is taken twice at one time': `SELECT a.id FROM occupancy a JOIN occupancy b ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during WHERE a.active AND b.active`,
  'P8: a person has two visits at one time': `SELECT a.appointment_id FROM person_time a JOIN person_time b ON a.person_id = b.person_id AND a.lane = b.lane AND a.appointment_id < b.appointment_id AND a.during && b.during WHERE a.active AND b.active`,
  'P2: a visit without all of its time': `SELECT v.id FROM appointment v JOIN visit_type t ON t.id = v.visit_type_id WHERE v.status IN ${LIVE}
    AND (SELECT count(*) FROM occupancy o WHERE o.appointment_id = v.id AND o.active AND o.during @> tstzrange(v.starts_at, v.ends_at)) <> CASE WHEN t.seats IS NULL THEN 1 + jsonb_array_length(t.needs) ELSE 1 END`,
  'P1: more seats taken than there are': `SELECT s.id FROM group_session s JOIN visit_type t ON t.id = s.visit_type_id WHERE s.open AND (SELECT count(*) FROM occupancy o WHERE o.group_session_id = s.id AND o.active AND o.lane >= 100) > t.seats`,
  'P3: a session without a seat, or time kept for one that is over': `SELECT s.id FROM group_session s WHERE (NOT s.opened_ahead AND s.open <> EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = s.id AND o.active AND o.lane >= 100)) OR s.open <> EXISTS (SELECT FROM occupancy o WHERE o.group_session_id = s.id AND o.active AND o.lane = 0)`,
  'P2: a visit that is off and keeps time': `SELECT v.id FROM appointment v JOIN occupancy o ON o.appointment_id = v.id AND o.active WHERE v.status NOT IN ${LIVE}`,
  'P2: a series without any visit': `SELECT s.id FROM series s WHERE NOT EXISTS (SELECT FROM appointment a WHERE a.series_id = s.id)`,
  'P2: linked visits that are not whole': `SELECT c.id FROM visit_chain c WHERE (SELECT count(DISTINCT a.chain_step) FROM appointment a WHERE a.chain_id = c.id) <> jsonb_array_length(c.gaps) + 1`,
  'P2: one step of linked visits taken twice': `SELECT chain_id FROM appointment WHERE chain_id IS NOT NULL AND status IN ${LIVE} GROUP BY chain_id, chain_step HAVING count(*) > 1`,
  'a gap between linked visits that does not hold and that nobody broke on purpose': `SELECT chain_id FROM link WHERE NOT keeps AND NOT on_purpose`,
  'P3: a hold past its time': `SELECT id FROM hold WHERE state = 'active' AND expires_at <= $1`,
  'P3: time kept for a hold that is over': `SELECT o.id FROM occupancy o JOIN hold h ON h.id = o.hold_id WHERE o.active AND o.appointment_id IS NULL AND h.state <> 'active'`,
  'P7: a quota that counts wrongly': `SELECT q.id FROM quota_use q WHERE q.used <> (SELECT count(*) FROM (SELECT unnest(quota_ids) AS id FROM hold WHERE state = 'active' UNION ALL SELECT unnest(quota_ids) FROM appointment WHERE status IN ${LIVE}) AS c WHERE c.id = q.id)`,
  'a round that nobody will look at again': `SELECT id FROM offer_round WHERE ended_at IS NULL AND next_at <= $1::timestamptz - interval '1 minute'`,
  'an open offer past its window': `SELECT id FROM offer WHERE state = 'open' AND expires_at <= $1::timestamptz - interval '1 minute'`,
  'an open offer of a round that is over': `SELECT o.id FROM offer o JOIN offer_round r ON r.id = o.round_id WHERE o.state = 'open' AND r.ended_at IS NOT NULL`,
  'an open round without its time': `SELECT r.id FROM offer_round r WHERE r.state = 'open' AND NOT EXISTS (SELECT FROM occupancy o WHERE o.hold_id = r.hold_id AND o.active)`,
  'a yes without exactly one booking': `SELECT r.id FROM offer_round r WHERE (r.state = 'filled') <> (r.appointment_id IS NOT NULL) OR (r.state = 'filled') <> ((SELECT count(*) FROM offer o WHERE o.round_id = r.id AND o.state = 'accepted') = 1)`,
  'a patient who was booked and still waits, or waits no more without a booking': `SELECT e.id FROM waitlist_entry e WHERE (e.status = 'booked') <> EXISTS (SELECT FROM offer o WHERE o.entry_id = e.id AND o.state = 'accepted')`,
  'a visit given up for an offer that was not booked': `SELECT v.id FROM appointment v WHERE v.cancel_reason = 'pat-swl' AND NOT EXISTS (SELECT FROM waitlist_entry e WHERE e.replaces_id = v.id AND e.status = 'booked')`,
};

/** @param {string} databaseUrl @param {{ now: number, said: ReadonlySet<string> }} after now: domain time; said: the offers whose yes was answered
 * @returns {Promise<{ faults: string[], told: string, broken: number, givenUp: number }>} broken: links that were broken on purpose; givenUp: visits given up for an accepted offer */
export async function books(databaseUrl, { now, said }) {
  const client = await open(databaseUrl);
  try {
    await client.query(LINKS);
    const faults = [];
    for (const [rule, sql] of Object.entries(RULES)) {
      const { rows } = await client.query(sql, sql.includes('$1') ? [new Date(now)] : []);
      if (rows.length > 0) faults.push(`${rule}: ${rows.length}, such as ${Object.values(rows[0])[0]}`);
    }
    const accepted = await acceptedIn(client);
    for (const id of said) if (!accepted.has(id)) faults.push(`a yes was answered and is lost: offer ${id}`);
    for (const id of accepted) if (!said.has(id)) faults.push(`an offer is accepted and nobody was told: ${id}`);
    const { rows: [n] } = await client.query(`SELECT (SELECT count(*) FROM appointment) AS visits, (SELECT count(*) FROM appointment WHERE status = 'cancelled') AS cancelled, (SELECT count(*) FROM hold) AS holds,
      (SELECT count(*) FROM series) AS series, (SELECT count(*) FROM visit_chain) AS chains, (SELECT count(*) FROM link) AS links, (SELECT count(*) FROM link WHERE NOT keeps)::int AS broken, (SELECT count(*) FROM waitlist_entry) AS entries,
      (SELECT count(*) FROM offer_round) AS rounds, (SELECT count(*) FROM offer) AS offers, (SELECT count(*) FROM appointment WHERE cancel_reason = 'pat-swl')::int AS given_up`);
    return {
      faults, broken: n.broken, givenUp: n.given_up,
      told: `${n.visits} visits (${n.cancelled} cancelled), ${n.series} series, ${n.chains} chains (${n.links} gaps stand, ${n.broken} broken on purpose), ${n.holds} holds, ${n.entries} waited, ${n.rounds} freed times, ${n.offers} offers (${accepted.size} accepted); ${Object.keys(RULES).length + 1} rules looked at`,
    };
  } finally {
    await client.end();
  }
}

/** The offers that are accepted already. @param {string} databaseUrl @returns {Promise<Set<string>>} */
export async function acceptedOffers(databaseUrl) {
  const client = await open(databaseUrl);
  try {
    return await acceptedIn(client);
  } finally {
    await client.end();
  }
}

/** @param {import('pg').Client} client @returns {Promise<Set<string>>} */
const acceptedIn = async (client) => new Set((await client.query(`SELECT id FROM offer WHERE state = 'accepted'`)).rows.map(({ id }) => id));

/** @param {string} databaseUrl */
async function open(databaseUrl) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl.replace(/\/[^/?]*(\?|$)/, '/scheduling$1') });
  await client.connect();
  return client;
}
