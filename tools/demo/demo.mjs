#!/usr/bin/env node
// Plays the main job against the running stack and shows the evidence of each step. Ends non-zero at the first that is not as it should be.
import { randomUUID } from 'node:crypto';
import { inventPatient } from './invented-patient.mjs';
import { send, signIn, stackUrl, until } from './stack.mjs';
import { at, mustBe, step, title } from './story.mjs';

/** Each creating request bears a key of its own: sent again after a lost answer, it has one effect. */
const once = (key = `demo-${randomUUID()}`) => ({ 'idempotency-key': key });
const DAY = 86_400_000;
const scheduling = '/api/scheduling/v1';

const thread = async (phone) => (await send(`/sandbox/api/phones/${encodeURIComponent(phone)}`)).body.messages ?? [];
const received = async (phone) => (await thread(phone)).filter((text) => text.side === 'received');
/** An answer to a text goes to the number that it came from. @param {string} phone @param {{other: string}} text @param {string} body */
const textBack = (phone, text, body) => send(`/sandbox/api/phones/${encodeURIComponent(phone)}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: text.other, body }) });
const mails = async (address) => (await send(`/sandbox/api/mailboxes/${encodeURIComponent(address)}`)).body.mails ?? [];
const sandboxNow = async () => Date.parse((await send('/sandbox/clock')).body.now);
const quote = (text) => `“${text.replace(/\s+/g, ' ').trim()}”`;

async function registered(desk, language) {
  for (let attempt = 1; ; attempt += 1) {
    const person = inventPatient(language);
    // Why: a phone that an earlier demo used has its own history of texts and caps.
    if ((await thread(person.phone)).length > 0 && attempt < 50) continue;
    const { id } = await desk('POST', `${scheduling}/patients`, person, { headers: once() });
    return { ...person, id };
  }
}

/** Openings four to five calendar days ahead: the text of 3 days before falls into the three days that will pass. */
async function partnerOpenings(desk, patient) {
  const from = new Date((await sandboxNow()) + 4 * DAY);
  for (let days = 2; days <= 14; days += 3) {
    const query = new URLSearchParams({ service: 'dermatology-consult', practice: 'summit', from: from.toISOString(), to: new Date(from.getTime() + days * DAY).toISOString(), patient, limit: '20' });
    const { items } = await desk('GET', `${scheduling}/openings?${query}`);
    if (items.length >= 4) return items;
  }
  throw new Error("summit shares no openings; see its agreement and closures");
}

/** Exactly this time and no other, so that who waits after a demo that was broken off is in nobody's way. */
function wishFor(start, zone) {
  const begin = new Date(start);
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(begin);
  const clock = (instant) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(instant);
  return { earliest: date, latest: date, from: clock(begin), to: clock(new Date(begin.getTime() + 60_000)) };
}

async function advance(ms, label) {
  const before = await sandboxNow();
  const to = new Date(before + ms).toISOString();
  const answer = await send('/sandbox/api/clock/advance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to }) });
  mustBe(answer.status === 202, 'the clock starts to walk', answer.body);
  const t0 = Date.now();
  const job = await until(`the clock to reach ${label}`, async () => {
    const { body } = await send(`/sandbox/api/clock/jobs/${answer.body.id}`);
    if (process.stdout.isTTY && body.state === 'running') process.stdout.write(`\r      … ${at(body.reached, 'America/New_York')}   `);
    return body.state === 'running' ? null : body;
  }, 240);
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  mustBe(job.state === 'done', `the clock reaches ${label}`, job.error);
  step(`${label} in ${((Date.now() - t0) / 1000).toFixed(1)} s, stopping at ${job.steps} due instants`, `from ${at(before, 'America/New_York')} to ${at(job.reached, 'America/New_York')}`);
}

/** Patients are not asked at night (8:00 to 21:00 is free): where the demo is played then, it waits for the morning. */
async function morningFor(zone) {
  const now = await sandboxNow();
  const [hour, minute] = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' }).formatToParts(new Date(now)).filter(({ type }) => type !== 'literal').map(({ value }) => Number(value));
  if (hour >= 8 && hour < 20) return;
  await advance((((8 - hour + 24) % 24) * 60 - minute + 1) * 60_000, 'the night passes: nobody is asked before eight');
}

/** Harbor refers its patient to summit, which reads the letter and says yes. */
async function refer(harbor, summit, patient) {
  const { items: options } = await harbor('GET', `${scheduling}/referrals/options?${new URLSearchParams({ service: 'dermatology-consult', patient: patient.id })}`);
  mustBe(options.some((option) => option.practice === 'summit'), 'summit is among the places to refer to', options);
  const sent = await harbor('POST', `${scheduling}/referrals`, {
    patient: patient.id, to: { practice: 'summit' }, service: 'dermatology-consult', reason: 'A mole on the left forearm has changed. Please look at it.',
    choice: { shown: options.map((option) => option.practice) },
  }, { headers: once() });
  await summit('POST', `${scheduling}/referrals/${sent.id}/receive`, {}, { headers: once() });
  const accepted = await summit('POST', `${scheduling}/referrals/${sent.id}/accept`, {}, { headers: once() });
  step(`harbor refers ${patient.givenName} to summit, which reads the letter and accepts`, `referral ${sent.id}, sealed; what the patient was shown and chose is kept`,
    `next: harbor books, by ${at(accepted.dueAt, 'America/Denver')}`);
  return sent.id;
}

/** The visit takes place; its outcome moves the referral along until the loop is closed. */
async function closeReferral(harbor, summit, referral, visit) {
  await advance(Date.parse(visit.start) - (await sandboxNow()), 'the day of the visit comes');
  await summit('POST', `${scheduling}/appointments/${visit.id}/check-in`, {}, { headers: once() });
  const seen = await summit('POST', `${scheduling}/appointments/${visit.id}/complete`, {}, { headers: once() });
  mustBe(seen.status === 'fulfilled', 'the visit took place', seen);
  const waiting = await harbor('GET', `${scheduling}/referrals/${referral}`);
  mustBe(waiting.status === 'seen', 'the visit moved its referral along', waiting);
  step("summit's desk checks the patient in and completes the visit: the referral follows", `referral ${waiting.status}; the note is due by ${at(waiting.dueAt, 'America/Denver')}`);

  const note = { title: 'Consultation note', document: `note-${visit.id}`, mediaType: 'application/pdf' };
  await summit('POST', `${scheduling}/referrals/${referral}/return-note`, { note }, { headers: once() });
  const closed = await harbor('POST', `${scheduling}/referrals/${referral}/close`, {}, { headers: once() });
  mustBe(closed.status === 'closed' && closed.dueAt === null, 'the loop is closed and nothing is due', closed);
  const late = await harbor('GET', `${scheduling}/referrals?overdue=true&patient=${closed.patient}`);
  mustBe(late.items.length === 0, 'nothing of it is overdue', late.items);
  step('summit returns its note, harbor reads it and closes the referral', `referral ${closed.status}: sent, received, accepted, scheduled, seen, note returned, closed`);
}

async function main() {
  title(`Slotmesh demo at ${stackUrl}`);
  const harbor = await signIn('frontdesk@harbor.example');
  const desert = await signIn('frontdesk@desert.example');
  const summit = await signIn('frontdesk@summit.example');
  step('the front desks of harbor, summit and desert sign in', 'tokens of the OpenID provider, checked by every service itself');

  const lucia = await registered(harbor, 'es');
  const owen = await registered(harbor, 'en');
  step(`harbor registers ${lucia.givenName} (Spanish) and ${owen.givenName} (English)`, `phones ${lucia.phone} and ${owen.phone}, kept sealed`);

  const referral = await refer(harbor, summit, lucia);
  const openings = await partnerOpenings(harbor, lucia.id);
  const [wanted] = openings;
  step("harbor searches a dermatology consult and sees summit's shared time", ...openings.slice(0, 3).map((item) => `${at(item.start, item.zone)} with ${item.provider.name}, ${item.site.name}: ${item.why}`));

  const hold = await harbor('POST', `${scheduling}/holds`, { opening: wanted.id }, { headers: once() });
  const refused = await desert('POST', `${scheduling}/holds`, { opening: wanted.id }, { expect: [409], headers: once() });
  mustBe(refused.code === 'opening-taken' && refused.alternatives.length > 0, "the second desk is refused with alternatives", refused);
  step("harbor holds it; desert's desk tries the same opening and is refused", `409 ${refused.code}: ${refused.detail}`, `offered instead: ${refused.alternatives.map((item) => at(item.start, item.zone)).join(' | ')}`);

  const key = `demo-${hold.id}`;
  const visit = await harbor('POST', `${scheduling}/appointments`, { hold: hold.id, patient: lucia.id, referral }, { headers: once(key) });
  const again = await harbor('POST', `${scheduling}/appointments`, { hold: hold.id, patient: lucia.id, referral }, { headers: once(key) });
  mustBe(again.id === visit.id, 'the repeated request gives the same booking', again);
  step(`harbor books ${lucia.givenName} into summit's calendar, from the referral`, `appointment ${visit.id}, revision ${visit.revision}, ${at(visit.start, visit.zone)}`, 'the same request sent twice gave the same appointment');

  const second = openings.find((item) => item.start >= wanted.end && item.provider.id === wanted.provider.id) ?? openings.find((item) => item.id !== wanted.id);
  const other = await harbor('POST', `${scheduling}/appointments`, { opening: second.id, patient: owen.id }, { headers: once() });
  step(`harbor books ${owen.givenName} too`, `${at(other.start, other.zone)}, booked without a hold`);

  const grace = await registered(harbor, 'en');
  const wish = wishFor(other.start, other.zone);
  const entry = await harbor('POST', `${scheduling}/waitlist-entries`, { patient: grace.id, service: 'dermatology-consult', urgency: 'urgent', practices: ['summit'], noticeMinutes: 60, ...wish }, { headers: once() });
  step(`${grace.givenName} would have liked that time: harbor puts the patient on the wait list`, `at summit on ${wish.earliest} from ${wish.from}, with at least an hour's notice`);

  const confirmation = await until('the confirmation text', async () => (await received(lucia.phone))[0]);
  const invitation = await until('the confirmation e-mail with its calendar entry', async () => (await mails(lucia.email)).find((mail) => mail.ics?.includes('METHOD:REQUEST')));
  const invited = await until('the other confirmation', async () => (await received(owen.phone))[0]);
  step('over Kafka to reminders and notifications: both patients hear at once', quote(confirmation.body), `e-mail “${invitation.subject}” with a calendar entry`);

  const textsBefore = (await received(lucia.phone)).length;
  await advance(3 * DAY, 'three days pass');
  const reminders = (await received(lucia.phone)).slice(textsBefore);
  mustBe(reminders.length >= 1, 'the reminder has arrived', reminders);
  mustBe(new Set(reminders.map((text) => text.body)).size === reminders.length, 'no text came twice', reminders.map((text) => text.body));
  for (const text of reminders) {
    const hour = Number(new Intl.DateTimeFormat('en-US', { timeZone: lucia.zone, hour: 'numeric', hourCycle: 'h23' }).format(new Date(text.at)));
    mustBe(hour >= 8 && hour < 21, 'no text in quiet hours', at(text.at, lucia.zone));
    mustBe(Date.parse(text.at) < Date.parse(visit.start), 'no reminder after the visit', at(text.at, lucia.zone));
  }
  step(`the reminder arrived on ${lucia.givenName}'s phone, in Spanish`, ...reminders.map((text) => `${at(text.at, lucia.zone)}: ${quote(text.body)}`));

  const beforeAnswer = (await received(lucia.phone)).length;
  await textBack(lucia.phone, reminders[0], 'C');
  const accepted = await until("the patient's yes in summit's calendar", async () => {
    const seen = await harbor('GET', `${scheduling}/appointments/${visit.id}`);
    return seen.participation === 'accepted' ? seen : null;
  });
  mustBe(accepted.revision === visit.revision && accepted.status === 'booked', 'a yes changes participation only', accepted);
  const thanks = await until('the acknowledgement', async () => (await received(lucia.phone))[beforeAnswer]);
  step(`${lucia.givenName} answers “C”: the appointment is confirmed`, `participation ${accepted.participation}, revision still ${accepted.revision}`, quote(thanks.body));

  await textBack(owen.phone, invited, 'X');
  const off = await until("the other patient's no", async () => {
    const seen = await harbor('GET', `${scheduling}/appointments/${other.id}`);
    return seen.status === 'cancelled' ? seen : null;
  });
  const calledOff = await until('the calendar entry to be called off', async () => (await mails(owen.email)).find((mail) => mail.ics?.includes('METHOD:CANCEL')));
  const goodbyes = await until('the text that the visit is cancelled', async () => { const found = (await received(owen.phone)).filter((text) => /cancelled/i.test(text.body)); return found.length > 0 ? found : null; });
  mustBe(goodbyes.length === 1, 'one text says that the visit is cancelled', goodbyes.map((text) => text.body));
  step(`${owen.givenName} answers “X”: cancelled`, `status ${off.status}, revision ${off.revision}`, `e-mail “${calledOff.subject}” takes the entry out of the calendar`);

  await morningFor(grace.zone);
  const offered = await until('the offer to the waiting patient', async () => (await received(grace.phone)).find((text) => /came free/.test(text.body)));
  const kept = await desert('POST', `${scheduling}/holds`, { opening: second.id }, { expect: [409], headers: once() });
  step(`the time is kept for ${grace.givenName}, who is asked by harbor`, quote(offered.body), `desert's desk tries it meanwhile: 409 ${kept.code}`);

  await textBack(grace.phone, offered, 'YES');
  const filled = await until("the waiting patient's yes in summit's calendar", async () => {
    const seen = await harbor('GET', `${scheduling}/waitlist-entries/${entry.id}`);
    return seen.status === 'booked' ? harbor('GET', `${scheduling}/appointments/${seen.appointment}`) : null;
  });
  mustBe(filled.host === 'summit' && filled.booking === 'harbor' && filled.start === other.start && filled.status === 'booked', 'the time that was given back is booked again, across practices', filled);
  const welcome = await until("summit's confirmation", async () => (await received(grace.phone)).find((text) => /your visit is booked/i.test(text.body)));
  step(`${grace.givenName} answers “YES”: the time that ${owen.givenName} gave back is filled, across practices`, `appointment ${filled.id} in summit's calendar, ${at(filled.start, filled.zone)}`, quote(welcome.body));

  await closeReferral(harbor, summit, referral, visit);

  const operator = await signIn('operator@network.example');
  const parked = [];
  for (const service of ['scheduling', 'reminders', 'notifications', 'capacity']) {
    const { items } = await operator('GET', `/api/${service}/v1/parked-events?limit=5`);
    parked.push(...items.filter((item) => item.state === 'dead').map((item) => `${service}: ${item.type} ${item.reason}`));
  }
  mustBe(parked.length === 0, 'no event is left for a person to look at', parked);
  const duplicates = [...(await mails(lucia.email)), ...(await mails(owen.email)), ...(await mails(grace.email))].filter((mail) => mail.copies > 1);
  mustBe(duplicates.length === 0, 'no e-mail came twice', duplicates.map((mail) => mail.subject));
  step('nothing was lost, nothing came twice', 'no dead event in any service, no duplicate text or e-mail', `look at the phones: ${stackUrl}/sandbox`);
  console.log('\nAll steps are as they should be.');
}

main().catch((error) => {
  console.error(`\n✗ ${error.message}`);
  process.exitCode = 1;
});
