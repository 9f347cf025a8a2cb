import { readTopic } from './records.mjs';

/** Provider statuses that say that a text will never arrive. */
const FAILED = ['undelivered', 'failed', 'canceled'];

/** Counts at the provider, by phone and by attempt, what arrived of each message, and in notifications and on Kafka, what it says became of it.
 * @param {import('./messages-stack.mjs').MessagesStack} stack @param {import('./sow.mjs').Subject[]} subjects */
export async function count(stack, subjects) {
  const texts = await stack.rows('sandbox', `SELECT to_number AS phone, status, substring(status_callback from 'attempt=([0-9a-f-]+)') AS attempt FROM message WHERE direction = 'outbound-api'`);
  const mails = await stack.rows('sandbox', 'SELECT recipients[1] AS address, message_id, count(*)::int AS copies FROM mail GROUP BY 1, 2');
  const messages = await stack.rows('notifications', `SELECT m.request_id AS request, m.state, s.outcome, s.outcome_reason AS reason, s.outcome_channel AS channel FROM message m JOIN message_subject s ON s.message_id = m.id`);
  const attempts = await stack.rows('notifications', `SELECT m.request_id AS request, t.state, t.channel FROM attempt t JOIN message m ON m.id = t.message_id`);
  const told = lastOutcomes(await readTopic(stack.topics, 'notifications.message.v1'));
  const [{ parked }] = await stack.rows('notifications', 'SELECT count(*)::int AS parked FROM parked_event');

  const byPhone = grouped(texts, ({ phone }) => phone);
  const byAddress = grouped(mails, ({ address }) => address);
  const byRequest = new Map(messages.map((message) => [message.request, message]));
  const attemptsOf = grouped(attempts, ({ request }) => request);
  const faults = { duplicates: 0, sameAttemptTwice: 0, lost: 0, saidSentButNowhere: 0, neitherSentNorCalled: 0, unknownOpen: 0, eventMissing: 0, parked };
  /** @type {Map<string, number>} */
  const became = new Map();
  for (const { phone, email, request } of subjects) {
    const alive = (byPhone.get(phone) ?? []).filter(({ status }) => !FAILED.includes(status));
    const mailsHere = byAddress.get(email) ?? [];
    const copies = mailsHere.reduce((sum, mail) => sum + mail.copies, 0);
    if (alive.length + copies > 1) faults.duplicates += 1;
    const message = byRequest.get(request);
    if (!message) {
      faults.lost += 1;
      continue;
    }
    const word = [message.outcome ?? message.state, message.reason, message.channel].filter(Boolean).join(' ');
    became.set(word, (became.get(word) ?? 0) + 1);
    const arrived = message.channel === 'email' ? mailsHere.length : (byPhone.get(phone) ?? []).length;
    if (['sent', 'delivered'].includes(message.outcome) && arrived === 0) faults.saidSentButNowhere += 1;
    if (!message.outcome || ['pending', 'sending'].includes(message.state)) faults.neitherSentNorCalled += 1;
    if ((attemptsOf.get(request) ?? []).some(({ state }) => state === 'intent' || state === 'unknown') && !['call-list', 'delivered'].includes(message.outcome)) faults.unknownOpen += 1;
    if (told.get(request) !== `${message.outcome}`) faults.eventMissing += 1;
  }
  faults.sameAttemptTwice = [...grouped(texts.filter(({ attempt }) => attempt), ({ attempt }) => attempt).values()].filter((list) => list.length > 1).length;
  const states = new Map();
  for (const { channel, state } of attempts) states.set(`${channel} ${state}`, (states.get(`${channel} ${state}`) ?? 0) + 1);
  return { faults, became, attempts: states, texts: texts.length, textsThatFailed: texts.filter(({ status }) => FAILED.includes(status)).length, mails: mails.reduce((sum, mail) => sum + mail.copies, 0) };
}

/** The last word on each message that stands on Kafka. */
function lastOutcomes(records) {
  const last = new Map();
  for (const { data, sequence } of records) if (data.request && sequence > (last.get(data.request)?.sequence ?? 0)) last.set(data.request, { sequence, outcome: data.outcome });
  return new Map([...last].map(([request, { outcome }]) => [request, outcome]));
}

/** @template T @param {T[]} rows @param {(row: T) => string} keyOf */
function grouped(rows, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
