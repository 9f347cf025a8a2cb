import { waitUntil } from '../../launcher/wait-until.mjs';
import { Trouble } from '../../launcher/trouble.mjs';
import { loadTypeScript } from '../../typescript/load.mjs';
import { readTopic, neighbours } from './records.mjs';
import { PRACTICES, requestOf, sow } from './sow.mjs';

const HOUR = 3_600_000;
const AT_ONCE = 48;
const SHARES = [['moved', 0.3], ['cancelled', 0.5], ['stopped', 0.75]];

/**
 * P12 and P17: moves, cancellations and STOP race the sender. Whether an intent was written after a change was handled is read from the order of the writes themselves:
 * triggers give each a number, and both are written under the lock of the visit or the phone, so that the numbers are the order in which the transactions took effect.
 * Reminders' part is played here, as it does it: after each move or cancellation a notice about the new state is asked for.
 * @param {import('./messages-stack.mjs').MessagesStack} stack @param {{ messages: number, random: () => number, say: (line: string) => void }} what
 */
export async function races(stack, { messages, random, say }) {
  const { AppointmentCancelled, AppointmentRescheduled, MessageRequested } = loadTypeScript('libs/contracts/src/index.ts');
  const { newId } = loadTypeScript('libs/kernel/src/index.ts');
  const begin = Date.now();
  const at = () => `${((Date.now() - begin) / 1000).toFixed(0).padStart(4)} s `;
  const subjects = await sow(stack, { count: messages, random, now: await stack.now() });
  await numberWrites(stack);
  const offset = (await stack.sandbox('/sandbox/clock')).offsetMs;
  const now = () => Date.now() + offset;
  const reminders = await neighbours(stack.topics);
  const asked = reminders.publish(subjects.map((subject) => ({ definition: MessageRequested, key: subject.request, host: subject.host, booking: subject.host, sequence: 1, time: now(), data: requestOf(subject, now()) })));
  const left = async () => (await stack.rows('notifications', `SELECT count(*)::int AS n FROM message WHERE template = 'visit-reminder' AND state <> 'pending'`))[0].n;
  await patiently('sending has begun', async () => (await left()) > 0);
  say(`${at()} sending has begun; moves, cancellations and STOP begin`);

  // Why in the order of sending, a little ahead and a little behind it: a change long before or long after its message races nobody.
  const queue = [...subjects].sort((a, b) => a.start - b.start).flatMap((subject) => {
    const drawn = random();
    const kind = SHARES.find((share) => drawn < Number(share[1]))?.[0];
    return kind ? [{ subject, kind, place: 0 }] : [];
  });
  queue.forEach((one, index) => { one.place = (index / queue.length) * messages + (random() - 0.5) * Math.min(400, messages / 4); });
  queue.sort((a, b) => a.place - b.place);
  const changed = new Map();
  let settled = 0;
  const watching = setInterval(() => void left().then((n) => { settled = n; }, () => undefined), 50);
  const one = async ({ subject, kind, place }) => {
    while (settled < place && settled < messages) await new Promise((done) => setTimeout(done, 10));
    changed.set(subject.n, { kind, at: now() });
    if (kind === 'stopped') return says(stack, subject, 'STOP');
    const revised = change(subject.visit, kind);
    stack.scheduling.visits.set(revised.id, revised);
    // The feed is behind its owner by up to a tenth of a second.
    await new Promise((done) => setTimeout(done, random() * 100));
    const by = { kind: 'host', practice: subject.host };
    const event = { key: revised.id, host: subject.host, booking: subject.host, sequence: 1, time: changed.get(subject.n).at };
    if (kind === 'moved') await reminders.publish([{ ...event, definition: AppointmentRescheduled, data: { appointment: revised, by, previousStart: subject.visit.start, previousEnd: subject.visit.end } }]);
    else await reminders.publish([{ ...event, definition: AppointmentCancelled, data: { appointment: revised, by, reason: 'prov', answer: null } }]);
    const request = newId();
    await reminders.publish([{ definition: MessageRequested, key: request, host: subject.host, booking: subject.host, sequence: 1, time: now(), data: {
      ...requestOf({ ...subject, visit: revised, request }, now()), template: kind === 'moved' ? 'visit-moved' : 'visit-cancelled', mustReach: true,
    } }]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (let next = queue.shift(); next; next = queue.shift()) await one(next); }));
  clearInterval(watching);
  await asked;
  say(`${at()} ${changed.size} changes are made`);
  await patiently('everything at rest', async () => {
    stack.revive();
    if (await stack.busy()) return false;
    await new Promise((done) => setTimeout(done, 300));
    return !(await stack.busy()) && (await stack.rows('notifications', `SELECT NOT EXISTS (SELECT FROM message WHERE state IN ('pending', 'sending', 'unknown')) AS done`))[0].done;
  });
  await reminders.close();
  return judge(stack, { subjects, changed, say, at });
}

/** A log of what was written in which order, kept by the database itself. */
async function numberWrites(stack) {
  await stack.rows('notifications', `
    CREATE TABLE proof_write (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL, visit uuid, revision int, idx text, template text, attempt uuid, at timestamptz NOT NULL);
    CREATE INDEX ON proof_write (what);
    CREATE FUNCTION proof_intent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      INSERT INTO public.proof_write (what, visit, revision, idx, template, attempt, at) SELECT 'intent', s.id, s.revision, NEW.idx, NEW.template, NEW.id, NEW.intent_at FROM jsonb_to_recordset(NEW.subjects) AS s(id uuid, revision int);
      RETURN NULL; END $$;
    CREATE TRIGGER proof_intent AFTER INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION proof_intent();
    CREATE FUNCTION proof_visit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      INSERT INTO public.proof_write (what, visit, revision, at) VALUES ('change', NEW.id, NEW.revision, clock_timestamp()); RETURN NULL; END $$;
    CREATE TRIGGER proof_visit AFTER UPDATE ON visit FOR EACH ROW WHEN (OLD.revision < NEW.revision) EXECUTE FUNCTION proof_visit();
    CREATE FUNCTION proof_stop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      INSERT INTO public.proof_write (what, idx, at) VALUES ('stop', NEW.idx, clock_timestamp()); RETURN NULL; END $$;
    CREATE TRIGGER proof_stop AFTER UPDATE ON contact_point FOR EACH ROW WHEN (OLD.opted_out_at IS NULL AND NEW.opted_out_at IS NOT NULL) EXECUTE FUNCTION proof_stop();`);
}

function change(visit, kind) {
  if (kind === 'cancelled') return { ...visit, revision: 2, status: 'cancelled' };
  const later = (/** @type {string} */ text) => new Date(Date.parse(text) + 2 * HOUR).toISOString();
  return { ...visit, revision: 2, start: later(visit.start), end: later(visit.end) };
}

/** The patient writes, through the sandbox's phone, which posts it as Twilio does. */
async function says(stack, { phone, host }, text) {
  await stack.sandbox(`/sandbox/api/phones/${encodeURIComponent(phone)}/messages`, { to: PRACTICES.find(({ id }) => id === host)?.number, body: text });
}

async function judge(stack, { subjects, changed, say, at }) {
  const writes = await stack.rows('notifications', 'SELECT n::int, what, visit, revision, idx, template, attempt, at FROM proof_write ORDER BY n');
  // What could not be handed over in time was given back: it never left.
  const givenBack = new Set((await stack.rows('notifications', `SELECT id FROM attempt WHERE state = 'refused' AND provider_id IS NULL`)).map(({ id }) => id));
  const phones = new Map((await stack.rows('notifications', `SELECT patient, idx FROM patient_contact WHERE channel = 'sms'`)).map(({ patient, idx }) => [patient, idx]));
  const texts = await stack.rows('sandbox', `SELECT to_number AS phone, body, position::int AS n FROM message WHERE direction = 'outbound-api' ORDER BY position`);
  const told = new Map();
  for (const { data } of await readTopic(stack.topics, 'notifications.message.v1')) told.set(data.request, `${data.outcome} ${data.reason ?? ''}`.trim());
  const byVisit = new Map();
  const byPhone = new Map();
  for (const write of writes) {
    if (write.visit) byVisit.set(write.visit, [...(byVisit.get(write.visit) ?? []), write]);
    if (write.what === 'stop') byPhone.set(write.idx, write);
  }
  const atProvider = new Map();
  for (const text of texts) atProvider.set(text.phone, [...(atProvider.get(text.phone) ?? []), text]);

  const found = { 'intents after a move or a cancellation was handled': 0, 'texts after a STOP was handled': 0, 'changes that were never handled': 0, 'stale messages without a correction': 0, 'reminders twice': 0, 'without an outcome': 0 };
  const tally = { moved: 0, cancelled: 0, stopped: 0, 'intents given back': givenBack.size, 'before the change': 0, 'never left': 0, 'left between commit and question (stale)': 0, 'corrections of these': 0 };
  for (const subject of subjects) {
    const mine = byVisit.get(subject.visit.id) ?? [];
    const old = mine.filter(({ what, template, attempt }) => what === 'intent' && template === 'visit-reminder' && !givenBack.has(attempt));
    if (old.length > 1) found['reminders twice'] += 1;
    if (!told.has(subject.request)) found['without an outcome'] += 1;
    const made = changed.get(subject.n);
    if (!made) continue;
    tally[made.kind] += 1;
    if (old.length === 0) tally['never left'] += 1;
    const handled = made.kind === 'stopped' ? byPhone.get(phones.get(subject.patient)) : mine.find(({ what }) => what === 'change');
    if (!handled) {
      found['changes that were never handled'] += 1;
      continue;
    }
    const textsLater = mine.filter(({ what, n, idx, revision }) => what === 'intent' && n > handled.n && (made.kind === 'stopped' ? idx === phones.get(subject.patient) : revision < 2));
    if (textsLater.length > 0) found[made.kind === 'stopped' ? 'texts after a STOP was handled' : 'intents after a move or a cancellation was handled'] += textsLater.length;
    if (old.length > 0 && made.kind !== 'stopped' && old.every((write) => write.at.getTime() > made.at)) {
      tally['left between commit and question (stale)'] += 1;
      const notice = mine.some(({ what, template, revision }) => what === 'intent' && template === `visit-${made.kind}` && revision === 2);
      const position = (/** @type {RegExp} */ words) => (atProvider.get(subject.phone) ?? []).findIndex(({ body }) => words.test(body));
      if (notice && position(made.kind === 'moved' ? /moved|new time|changed/i : /cancel/i) >= 0) tally['corrections of these'] += 1;
      else found['stale messages without a correction'] += 1;
    } else if (old.length > 0) tally['before the change'] += 1;
  }
  const metric = await stack.metric('notifications_stale_total');
  say(`${at()} counted:`);
  for (const [name, n] of Object.entries({ messages: subjects.length, ...tally, notifications_stale_total: metric, 'texts at the provider': texts.length, ...found })) say(`  ${name.padEnd(52)} ${String(n).padStart(7)}`);
  const faults = Object.entries(found).filter(([, n]) => n > 0).map(([name, n]) => `${name}: ${n}`);
  if (metric !== tally['left between commit and question (stale)']) faults.push(`notifications_stale_total says ${metric}, the log of writes ${tally['left between commit and question (stale)']}`);
  return faults;
}

async function patiently(what, condition) {
  if (!(await waitUntil(() => condition().catch(() => false), { seconds: 1_800, everyMs: 200 }))) throw new Trouble(`not within 30 minutes: ${what}`);
}
