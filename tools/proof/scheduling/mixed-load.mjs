const S = '/api/scheduling/v1';
const DESKS = ['harbor', 'summit', 'desert'];
/** Own and partners' calendars; `echo` needs a provider, a room and a device. */
const SERVICES = ['primary-care-visit', 'dermatology-consult', 'skin-check', 'echo'];
/** What a desk may hear: success, gone, taken, not allowed now, too often. */
const EXPECT = [200, 201, 204, 403, 404, 409, 412, 422, 429];
const DAY = 86_400_000;

/** Desks do what desks do, in a random order, on the few days that all of them want.
 * @param {{ clients: number, seconds: number, random: () => number }} how @returns {Promise<{ counts: Record<string, number>, faults: string[], now: number }>} now: domain time after every hold is over */
export async function mixedLoad({ clients, seconds, random }) {
  const { send, signIn, until } = await import('../../demo/stack.mjs');
  /** @type {Record<string, number>} */
  const counts = {};
  /** @type {string[]} */
  const faults = [];
  const one = (list) => list[Math.floor(random() * list.length)];
  const sandboxNow = async () => Date.parse((await send('/sandbox/clock')).body.now);
  const advance = async (to) => {
    const { body } = await send('/sandbox/api/clock/advance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to: new Date(to).toISOString() }) });
    const job = await until('the clock', async () => { const { body: seen } = await send(`/sandbox/api/clock/jobs/${body.id}`); return seen.state === 'running' ? null : seen; }, 240);
    if (job.state !== 'done') faults.push(`the clock stood still: ${job.error}`);
  };
  // Noon in Boston: nobody's quiet hours, so that offers are made.
  const begin = await sandboxNow();
  await advance(Math.ceil((begin + 60_000 - 17 * 3_600_000) / DAY) * DAY + 17 * 3_600_000);
  const from = new Date((await sandboxNow()) + 3 * DAY);
  const to = new Date(from.getTime() + 3 * DAY);

  const desks = await Promise.all(DESKS.map(async (practice) => {
    const ask = await signIn(`frontdesk@${practice}.example`);
    const patients = [];
    for (let cursor = null; patients.length < 60; ) {
      const page = await ask('GET', `${S}/patients?limit=60${cursor ? `&cursor=${cursor}` : ''}`);
      patients.push(...page.items.map(({ id }) => id));
      if (!(cursor = page.nextCursor)) break;
    }
    return { practice, ask, patients, visits: [], holds: [], series: [], chains: [] };
  }));

  async function act(what, desk, method, path, body) {
    const answer = await desk.ask(method, path, body, { expect: EXPECT }).catch((error) => ({ http: error.status ?? error.message, code: error.message }));
    const told = [what, answer.http, answer.http < 300 ? '' : answer.code].filter(Boolean).join(' ');
    counts[told] = (counts[told] ?? 0) + 1;
    if (!EXPECT.includes(answer.http)) faults.push(`${what}: ${answer.http} ${answer.code ?? ''}`);
    return answer;
  }
  async function openings(desk, more = '') {
    const query = new URLSearchParams({ service: one(SERVICES), from: from.toISOString(), to: to.toISOString(), limit: '30' });
    return (await act('search', desk, 'GET', `${S}/openings?${query}${more}`)).items ?? [];
  }
  const opening = async (desk, more) => one(await openings(desk, more));
  const take = (list) => (list.length === 0 ? undefined : list.splice(Math.floor(random() * list.length), 1)[0]);

  const deeds = {
    async book(desk) {
      const found = await opening(desk);
      if (!found) return;
      const visit = await act('book', desk, 'POST', `${S}/appointments`, { opening: found.id, patient: one(desk.patients) });
      if (visit.http === 201) desk.visits.push({ id: visit.id, host: visit.host, opening: found.id });
    },
    async hold(desk) {
      const found = await opening(desk);
      const hold = found && (await act('hold', desk, 'POST', `${S}/holds`, { opening: found.id }));
      // Some are left lying until they end by themselves.
      if (hold?.http === 201 && random() < 0.8) desk.holds.push({ id: hold.id, host: found.practice, opening: found.id });
    },
    async useHold(desk) {
      const hold = take(desk.holds);
      if (!hold) return;
      if (random() < 0.3) return void (await act('release', desk, 'DELETE', `${S}/holds/${hold.id}`));
      const visit = await act('book held', desk, 'POST', `${S}/appointments`, { hold: hold.id, patient: one(desk.patients) });
      if (visit.http === 201) desk.visits.push({ id: visit.id, host: visit.host, opening: hold.opening });
    },
    async move(desk) {
      const visit = one(desk.visits);
      const found = visit && (await opening(desk, `&practice=${visit.host}`));
      if (found && (await act('move', desk, 'POST', `${S}/appointments/${visit.id}/reschedule`, { opening: found.id })).http === 200) visit.opening = found.id;
    },
    async swap(desk) {
      const a = one(desk.visits);
      const b = a && one(desk.visits.filter(({ id, host }) => id !== a.id && host === a.host));
      if (b) await Promise.all([act('swap', desk, 'POST', `${S}/appointments/${a.id}/reschedule`, { opening: b.opening }), act('swap', desk, 'POST', `${S}/appointments/${b.id}/reschedule`, { opening: a.opening })]);
    },
    async cancel(desk) {
      const visit = take(desk.visits);
      if (visit) await act('cancel', desk, 'POST', `${S}/appointments/${visit.id}/cancel`, { reason: 'pat' });
    },
    // Dates that are taken are left out by some, and make others give the whole up.
    async series(desk) {
      const found = await opening(desk);
      if (!found) return;
      const made = await act('series', desk, 'POST', `${S}/series`, { rule: one(['FREQ=DAILY;COUNT=3', 'FREQ=WEEKLY;COUNT=3']), opening: found.id, patient: one(desk.patients), onClash: one(['report', 'skip']) });
      if (made.http === 201) desk.series.push({ id: made.id, from: made.visits[0].plannedDate });
    },
    async shiftSeries(desk) {
      const series = one(desk.series);
      if (series) await act('shift series', desk, 'POST', `${S}/series/${series.id}/reschedule`, { from: series.from, shift: { days: one([-1, 1, 7]) }, withMoved: random() < 0.5 });
    },
    async cancelSeries(desk) {
      const series = take(desk.series);
      if (series) await act('cancel series', desk, 'POST', `${S}/series/${series.id}/cancel`, { from: series.from, reason: 'pat' });
    },
    async chain(desk) {
      const steps = Array.from({ length: one([2, 3]) }, (_, i) => ({ service: one(SERVICES), ...(i === 0 ? {} : { minGap: { minutes: 30 }, maxGap: { days: 2 } }) }));
      const { items = [] } = await act('search chains', desk, 'POST', `${S}/visit-chains/search`, { steps, from: from.toISOString(), to: to.toISOString(), limit: 10 });
      const found = one(items);
      if (!found) return;
      const made = await act('chain', desk, 'POST', `${S}/visit-chains`, { patient: one(desk.patients), steps: found.steps.map(({ id }, i) => ({ opening: id, minGap: steps[i].minGap ?? { minutes: 0 }, maxGap: steps[i].maxGap ?? null })) });
      if (made.http === 201) desk.chains.push({ id: made.id, visits: made.steps.map(({ visit }) => ({ id: visit.id, host: visit.host })) });
    },
    async moveLinked(desk) {
      const visit = one(one(desk.chains)?.visits ?? []);
      const found = visit && (await opening(desk, `&practice=${visit.host}`));
      if (found) await act('move linked', desk, 'POST', `${S}/appointments/${visit.id}/reschedule`, { opening: found.id });
    },
    async cancelChain(desk) {
      const chain = take(desk.chains);
      if (chain) await act('cancel chain', desk, 'POST', `${S}/visit-chains/${chain.id}/cancel`, { from: one([1, 1, 2]), reason: 'pat' });
    },
    async wait(desk) {
      const replaces = random() < 0.3 ? one(desk.visits)?.id : undefined;
      await act('wait', desk, 'POST', `${S}/waitlist-entries`, { patient: one(desk.patients), service: one(SERVICES), noticeMinutes: 60, channels: [], urgency: one(['urgent', 'soon', 'routine']), ...(replaces ? { replaces } : {}) });
    },
    async answer(desk) {
      const { items = [] } = await act('offers', desk, 'GET', `${S}/offers?state=open&limit=20`);
      const offer = one(items);
      // Twice at once: a hasty desk, or the patient and the desk.
      const answers = Array.from({ length: random() < 0.2 ? 2 : 1 }, () => (random() < 0.75 ? 'accept' : 'decline'));
      if (offer) await Promise.all(answers.map((answer) => act(answer, desk, 'POST', `${S}/offers/${offer.id}/${answer}`, {})));
    },
    async takeRound(desk) {
      const { items = [] } = await act('rounds', desk, 'GET', `${S}/offer-rounds?state=open&limit=20`);
      const round = one(items);
      if (round) await act('take', desk, 'POST', `${S}/offer-rounds/${round.id}/take`, { reason: 'an urgent patient' });
    },
  };
  /** How often each is done. */
  const weights = { book: 5, hold: 3, useHold: 3, move: 4, swap: 2, cancel: 4, wait: 3, answer: 4, takeRound: 0.3, series: 1.5, shiftSeries: 1, cancelSeries: 1, chain: 1.5, moveLinked: 1, cancelChain: 1 };
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const deed = () => {
    let dice = random() * total;
    for (const [name, weight] of Object.entries(weights)) if ((dice -= weight) < 0) return name;
    return 'book';
  };
  const end = Date.now() + seconds * 1_000;
  await Promise.all(Array.from({ length: clients }, async (_, client) => {
    const desk = desks[client % desks.length];
    while (Date.now() < end && faults.length < 20) await deeds[deed()](desk);
  }));
  // Every hold and every window is over by then; what was not answered has gone on to the next.
  await advance((await sandboxNow()) + 20 * 60_000);
  return { counts, faults, now: await sandboxNow() };
}
