import { createHash } from 'node:crypto';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SLOT = 30;
/** Visits that partners could have on a date of a host: three providers, eight hours. */
const SLOTS = 48;
const FIRST = Date.UTC(2027, 0, 4);
const DATES = 364;

const idOf = (name) => createHash('sha256').update(name).digest('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');

/**
 * What happens in a year, told as events in the order of time: `postings` of dates, or `visit` with its step. What became of each date is decided by the ledger's own rules; `truth` is counted beside them.
 * @param {(path: string) => any} load
 */
export function simulateYear(load, { random, visits: wanted, practices: many }) {
  const { endDay, lookAgain } = load('apps/scheduling/src/ledger/domain/shared-day.ts');
  const { postingsOfEnded, postingsOfOffered, postingsOfReduced } = load('apps/scheduling/src/ledger/domain/shared-time-postings.ts');
  const practices = Array.from({ length: many }, (_, i) => `practice-${i + 1}`);
  const agreement = idOf('agreement');
  const zone = 'UTC';
  const events = [];
  const truth = { offered: 0, used: 0, wasted: 0, unmarked: 0, returned: 0, withdrawn: 0, takenBack: 0 };
  const pick = (items) => items[Math.floor(random() * items.length)];
  const dates = [];
  for (let n = 0; n < DATES; n++) if (n % 7 < 5) for (const host of practices) dates.push({ host, start: FIRST + n * DAY, date: new Date(FIRST + n * DAY).toISOString().slice(0, 10), rows: [], free: [], used: 0 });
  const byPlace = new Map(dates.map((date) => [`${date.host}/${date.date}`, date]));
  const share = wanted / dates.length / SLOTS;
  let visits = 0;
  /** Events of a visit, one behind the other. */
  const visitOf = (host, booking) => {
    const id = idOf(`visit/${(visits += 1)}`);
    let step = 0;
    return { id, tell: (status, at, slot, minutes = SLOT) => events.push({ key: id, at, visit: [{ visit: { id, status, host, booking, agreement, start: slot, end: slot + minutes * MINUTE, zone }, step: (step += 1), at }] }) };
  };
  for (const day of dates) {
    const slots = Array.from({ length: SLOTS }, (_, i) => ({ provider: `p${i % 3}`, site: 's', start: day.start + 8 * HOUR + Math.floor(i / 3) * SLOT * MINUTE, end: day.start + 8 * HOUR + (Math.floor(i / 3) + 1) * SLOT * MINUTE, quotas: [] }));
    const id = idOf(`day/${day.host}/${day.date}`);
    const facts = { id, agreement, host: day.host, date: day.date };
    const opened = day.start - 60 * DAY;
    let step = 0;
    const tell = (at, make, data) => {
      const postings = make({ ...facts, at, ...data }, (step += 1));
      events.push({ key: id, at, postings });
    };
    let open = { visits: slots, standing: SLOTS * SLOT };
    tell(opened, postingsOfOffered, { minutes: open.standing, places: [] });
    truth.offered += open.standing;
    const taken = new Set();
    // Who books: partners into free slots, some of them the host itself.
    day.own = [];
    day.slots = slots;
    day.taken = taken;
    for (const slot of slots) if (random() < 0.04) { taken.add(slot); day.own.push({ provider: slot.provider, start: slot.start, end: slot.end, takenAt: opened + DAY }); }
    for (const slot of slots) if (!taken.has(slot) && random() < share * 1.06) { taken.add(slot); day.used += 1; day.free.push(slot); }
    // One date in twelve an afternoon is closed; what partners have there stays, and what nobody has goes.
    if (random() < 1 / 12) {
      const fresh = slots.filter((slot) => slot.start < day.start + 13 * HOUR || taken.has(slot));
      const change = lookAgain(open, { kept: [], fresh, own: [] });
      if (change.withdrawn > 0) { tell(day.start - 5 * DAY, postingsOfReduced, { withdrawn: change.withdrawn, takenBack: change.takenBack }); truth.withdrawn += change.withdrawn; }
      open = change.day;
    }
    day.tell = tell;
    day.open = open;
  }
  for (const day of dates) {
    const dayEnds = day.start + DAY;
    for (const slot of day.free) {
      const booking = pick(practices.filter((practice) => practice !== day.host));
      const { id, tell } = visitOf(day.host, booking);
      const bookedAt = day.start - Math.floor(random() * 50 + 6) * DAY + Math.floor(random() * DAY / MINUTE) * MINUTE;
      tell('booked', bookedAt, slot.start);
      const row = (status, changedAt, at = slot.start, into = day) => into.rows.push({ id, booking, status, start: at, end: at + SLOT * MINUTE, changedAt, dayEnds: into.start + DAY, cancelReason: 'pat', inTimeUntil: at - DAY, takenByOthers: 0 });
      const chance = random();
      if (chance < 0.75) { tell('arrived', slot.start, slot.start); tell('fulfilled', slot.end, slot.start); row('fulfilled', slot.end); truth.used += SLOT; }
      else if (chance < 0.82) { tell('noshow', slot.end, slot.start); row('noshow', slot.end); truth.wasted += SLOT; }
      else if (chance < 0.9) { tell('cancelled', slot.start - 3 * DAY, slot.start); row('cancelled', slot.start - 3 * DAY); }
      else if (chance < 0.93) { tell('cancelled', slot.start - HOUR, slot.start); row('cancelled', slot.start - HOUR); truth.wasted += SLOT; }
      else if (chance < 0.95) { tell('cancelled', dayEnds + HOUR, slot.start); row('cancelled', dayEnds + HOUR); truth.wasted += SLOT; }
      else if (chance < 0.96) { tell('fulfilled', slot.end, slot.start); tell('entered-in-error', dayEnds + DAY, slot.start); row('entered-in-error', dayEnds + DAY); truth.returned += SLOT; }
      else if (chance < 0.98) { row('booked', bookedAt); truth.unmarked += SLOT; }
      else {
        const later = byPlace.get(`${day.host}/${new Date(day.start + 7 * DAY).toISOString().slice(0, 10)}`);
        const to = later?.open.visits.find((one) => !later.taken.has(one));
        if (!to) { row('booked', bookedAt); truth.unmarked += SLOT; continue; }
        later.taken.add(to);
        tell('booked', slot.start - 2 * DAY, to.start);
        tell('fulfilled', to.end, to.start);
        row('fulfilled', to.end, to.start, later);
        truth.used += SLOT;
      }
    }
  }
  for (const day of dates) {
    const own = new Set(day.own.map(({ provider, start }) => `${provider}/${start}`));
    const beside = day.open.visits.filter((slot) => !own.has(`${slot.provider}/${slot.start}`));
    const end = endDay(day.open, { own: day.own, beside }, day.rows);
    day.tell(day.start + DAY + MINUTE, postingsOfEnded, { ...end, late: end.late.map(({ id: appointment, ...late }) => ({ ...late, appointment })) });
    truth.offered += end.offered;
    truth.takenBack += end.takenBack;
    truth.returned += end.returned;
  }
  // Why by number at one moment: events of a key have one order.
  events.forEach((event, number) => { event.number = number; });
  return { practices, agreement, zone, truth, visits, days: dates.length, events: events.sort((a, b) => a.at - b.at || a.number - b.number) };
}
