const S = '/api/scheduling/v1';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Own and partners' calendars; `echo` needs a provider, a room and a device. */
const SERVICES = ['primary-care-visit', 'dermatology-consult', 'skin-check', 'echo'];
/** Minutes that pass and days of the calendar, with and without an end. */
const GAPS = [
  { minGap: { minutes: 30 }, maxGap: { days: 2 } }, { minGap: { minutes: 0 }, maxGap: { minutes: 2_880 } }, { minGap: { days: 1 }, maxGap: { days: 2 } }, { minGap: { days: 0 }, maxGap: { days: 1 } }, { minGap: { minutes: 60 }, maxGap: null },
];

/** How often each deed is done. */
export const WEIGHTS = { book: 5, hold: 3, useHold: 3, move: 4, swap: 2, cancel: 4, wait: 3, answer: 6, takeRound: 0.3, series: 1.5, shiftSeries: 1, cancelSeries: 1, chain: 3, moveLinked: 4, cancelChain: 0.7 };
/** What the deeds are made of. Each has to succeed in a run of full size. */
export const ACTS = [
  'search', 'book', 'hold', 'book held', 'release', 'move', 'swap', 'cancel', 'series', 'shift series', 'cancel series', 'search chains', 'chain', 'move linked', 'move linked, breakGaps', 'cancel chain',
  'wait', 'wait for an earlier visit', 'look for offers', 'accept', 'decline', 'look for rounds', 'take',
];

/** @typedef {{ id: string, host: string, patient: string, service: string, start: number, opening?: string }} Visit
 * @typedef {{ practice: string, ask: Function, patients: string[], visits: Visit[], holds: any[], series: any[], chains: { id: string, visits: Visit[] }[] }} Desk */

/** What desks do, on the few days that all of them want.
 * @param {{ random: () => number, tally: ReturnType<typeof import('./tally.mjs').tally>, ask: (desk: Desk, method: string, path: string, body?: unknown) => Promise<any>, now: number, said: Set<string> }} world said: the offers whose yes was answered */
export function deedsOf({ random, tally, ask, now, said }) {
  const range = { from: now + 3 * DAY, to: now + 6 * DAY };
  /** Offered to a few at once, and the first yes wins. */
  const today = { from: now + 1.5 * HOUR, to: now + 5 * HOUR };
  const one = (/** @type {any} */ list) => list[Math.floor(random() * list.length)];
  const take = (/** @type {any[]} */ list) => (list.length === 0 ? undefined : list.splice(Math.floor(random() * list.length), 1)[0]);
  const iso = (/** @type {number} */ at) => new Date(at).toISOString();
  const visitOf = (/** @type {any} */ view, /** @type {string} */ patient) => ({ id: view.id, host: view.host, patient, service: view.service, start: Date.parse(view.start) });

  async function act(/** @type {string} */ what, /** @type {Desk} */ desk, /** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) {
    const answer = await ask(desk, method, path, body);
    tally.note(what, answer);
    return answer;
  }
  async function openings(/** @type {Desk} */ desk, { service = one(SERVICES), practice = '', from = range.from, to = range.to } = {}) {
    const query = new URLSearchParams({ service, from: iso(from), to: iso(to), limit: '30', ...(practice ? { practice } : {}) });
    return (await act('search', desk, 'GET', `${S}/openings?${query}`)).items ?? [];
  }
  const opening = async (/** @type {Desk} */ desk, /** @type {Parameters<typeof openings>[1]} */ where) => one(await openings(desk, where));
  /** Gives a patient a place on the list; some have a visit that they want to have earlier, or that they give up for a time on the days that all want. */
  async function wait(/** @type {Desk} */ desk) {
    const replaces = random() < 0.5 ? ((random() < 0.5 && one([...desk.visits, ...desk.chains.flatMap(({ visits }) => visits)])) || (await lateVisit(desk))) : undefined;
    const wish = { noticeMinutes: 60, channels: [], urgency: replaces ? 'urgent' : one(['urgent', 'soon', 'routine']) };
    if (replaces) await act('wait for an earlier visit', desk, 'POST', `${S}/waitlist-entries`, { ...wish, patient: replaces.patient, service: replaces.service, replaces: replaces.id });
    else await act('wait', desk, 'POST', `${S}/waitlist-entries`, { ...wish, patient: one(desk.patients), service: one(SERVICES) });
  }
  /** Booked for somebody who gives it up for nearly anything that is given back; no other deed touches it. */
  async function lateVisit(/** @type {Desk} */ desk) {
    const found = await opening(desk, { from: range.to, to: range.to + 4 * DAY });
    if (!found) return undefined;
    const patient = one(desk.patients);
    const visit = await act('book', desk, 'POST', `${S}/appointments`, { opening: found.id, patient });
    return visit.http === 201 ? visitOf(visit, patient) : undefined;
  }

  return {
    wait,
    async book(/** @type {Desk} */ desk) {
      const found = await opening(desk, random() < 0.2 ? today : {});
      if (!found) return;
      const patient = one(desk.patients);
      const visit = await act('book', desk, 'POST', `${S}/appointments`, { opening: found.id, patient });
      if (visit.http === 201) desk.visits.push({ ...visitOf(visit, patient), opening: found.id });
    },
    async hold(/** @type {Desk} */ desk) {
      const found = await opening(desk);
      const hold = found && (await act('hold', desk, 'POST', `${S}/holds`, { opening: found.id }));
      // Some are left lying until they end by themselves.
      if (hold?.http === 201 && random() < 0.8) desk.holds.push({ id: hold.id, opening: found.id });
    },
    async useHold(/** @type {Desk} */ desk) {
      const hold = take(desk.holds);
      if (!hold) return;
      if (random() < 0.3) return void (await act('release', desk, 'DELETE', `${S}/holds/${hold.id}`));
      const patient = one(desk.patients);
      const visit = await act('book held', desk, 'POST', `${S}/appointments`, { hold: hold.id, patient });
      if (visit.http === 201) desk.visits.push({ ...visitOf(visit, patient), opening: hold.opening });
    },
    async move(/** @type {Desk} */ desk) {
      const visit = one(desk.visits);
      const found = visit && (await opening(desk, { practice: visit.host, ...(random() < 0.5 ? { service: visit.service } : {}) }));
      if (found && (await act('move', desk, 'POST', `${S}/appointments/${visit.id}/reschedule`, { opening: found.id })).http === 200) Object.assign(visit, { opening: found.id, service: found.service, start: Date.parse(found.start) });
    },
    async swap(/** @type {Desk} */ desk) {
      const a = one(desk.visits);
      const b = a && one(desk.visits.filter(({ id, host }) => id !== a.id && host === a.host));
      if (b) await Promise.all([act('swap', desk, 'POST', `${S}/appointments/${a.id}/reschedule`, { opening: b.opening }), act('swap', desk, 'POST', `${S}/appointments/${b.id}/reschedule`, { opening: a.opening })]);
    },
    async cancel(/** @type {Desk} */ desk) {
      const visit = take(desk.visits);
      if (visit) await act('cancel', desk, 'POST', `${S}/appointments/${visit.id}/cancel`, { reason: 'pat' });
    },
    // Dates that are taken are left out by some, and make others give the whole up.
    async series(/** @type {Desk} */ desk) {
      const found = await opening(desk);
      if (!found) return;
      const made = await act('series', desk, 'POST', `${S}/series`, { rule: one(['FREQ=DAILY;COUNT=3', 'FREQ=WEEKLY;COUNT=3']), opening: found.id, patient: one(desk.patients), onClash: one(['report', 'skip']) });
      if (made.http === 201) desk.series.push({ id: made.id, from: made.visits[0].plannedDate });
    },
    async shiftSeries(/** @type {Desk} */ desk) {
      const series = one(desk.series);
      if (series) await act('shift series', desk, 'POST', `${S}/series/${series.id}/reschedule`, { from: series.from, shift: { days: one([-1, 1, 7]) }, withMoved: random() < 0.5 });
    },
    async cancelSeries(/** @type {Desk} */ desk) {
      const series = take(desk.series);
      if (series) await act('cancel series', desk, 'POST', `${S}/series/${series.id}/cancel`, { from: series.from, reason: 'pat' });
    },
    async chain(/** @type {Desk} */ desk) {
      const steps = Array.from({ length: one([2, 3]) }, (_, i) => ({ service: one(SERVICES), ...(i === 0 ? {} : one(GAPS)) }));
      const { items = [] } = await act('search chains', desk, 'POST', `${S}/visit-chains/search`, { steps, from: iso(range.from), to: iso(range.to), limit: 10 });
      const found = one(items);
      if (!found) return;
      const patient = one(desk.patients);
      const made = await act('chain', desk, 'POST', `${S}/visit-chains`, { patient, steps: found.steps.map((/** @type {any} */ { id }, /** @type {number} */ i) => ({ opening: id, minGap: steps[i]?.minGap ?? { minutes: 0 }, maxGap: steps[i]?.maxGap ?? null })) });
      if (made.http === 201) desk.chains.push({ id: made.id, visits: made.steps.map((/** @type {any} */ { visit }) => visitOf(visit, patient)) });
    },
    // One of them by itself: to a time nearby, which may keep the gaps, or behind the days that all want, which breaks most of them.
    async moveLinked(/** @type {Desk} */ desk) {
      const visit = one(one(desk.chains)?.visits ?? []);
      if (!visit) return;
      const breakGaps = random() < 0.35;
      const where = breakGaps ? { from: range.to, to: range.to + 4 * DAY } : { from: visit.start - 3 * HOUR, to: visit.start + 5 * HOUR };
      const found = await opening(desk, { service: visit.service, practice: visit.host, ...where });
      if (!found) return;
      const moved = await act(breakGaps ? 'move linked, breakGaps' : 'move linked', desk, 'POST', `${S}/appointments/${visit.id}/reschedule`, { opening: found.id, ...(breakGaps ? { breakGaps } : {}) });
      if (moved.http === 200) visit.start = Date.parse(found.start);
    },
    async cancelChain(/** @type {Desk} */ desk) {
      const chain = take(desk.chains);
      if (chain) await act('cancel chain', desk, 'POST', `${S}/visit-chains/${chain.id}/cancel`, { from: one([1, 1, 2]), reason: 'pat' });
    },
    /** Whether there was one. */
    async answer(/** @type {Desk} */ desk) {
      const { items = [] } = await act('look for offers', desk, 'GET', `${S}/offers?state=open&limit=50`);
      const giveUp = items.filter((/** @type {any} */ { replaces }) => replaces !== null);
      const offer = giveUp.length > 0 && random() < 0.5 ? one(giveUp) : one(items);
      if (!offer) return false;
      // Twice at once: a hasty desk, or the patient and the desk; and beside each other who was offered the same time.
      const rivals = items.filter((/** @type {any} */ other) => other.id !== offer.id && other.provider === offer.provider && other.start === offer.start);
      const asked = [offer, ...(random() < 0.2 ? [offer] : []), ...(random() < 0.5 ? rivals : [])];
      await Promise.all(asked.map(async ({ id }) => {
        const answer = random() < (offer.replaces === null ? 0.8 : 0.95) ? 'accept' : 'decline';
        const told = await act(answer, desk, 'POST', `${S}/offers/${id}/${answer}`, {});
        if (answer === 'accept' && told.http < 300) said.add(id);
      }));
      return true;
    },
    async takeRound(/** @type {Desk} */ desk) {
      const { items = [] } = await act('look for rounds', desk, 'GET', `${S}/offer-rounds?state=open&limit=20`);
      const round = one(items);
      if (round) await act('take', desk, 'POST', `${S}/offer-rounds/${round.id}/take`, { reason: 'an urgent patient' });
    },
  };
}
