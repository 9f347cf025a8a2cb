// Small networks with agreements, counts and wait lists as somebody could have meant them, and requests that meet their rules often.
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ['America/Denver', 'America/Phoenix', 'America/New_York', 'Australia/Lord_Howe'];
export const SERVICES = ['dermatology-consult', 'skin-check'];
const PAYERS = ['medicaid', 'self-pay'];
const FIRST = Date.parse('2026-11-30T00:00:00Z');
/** Counts that belong to no single agreement. */
export const OVER_ALL = '00000000-0000-0000-0000-000000000000';
/** In which these versions bind; the others were never agreed, whatever they say. */
const AGREED = ['approved', 'in-force', 'superseded', 'terminated'];

/** Everything of one network, by one generator. @param {() => number} random @param {number} number of the network, for its ids */
export function randomWorld(random, number) {
  const whole = (/** @type {number} */ least, /** @type {number} */ most) => least + Math.floor(random() * (most - least + 1));
  const chance = (/** @type {number} */ of) => random() < of;
  const one = (/** @type {readonly any[]} */ list) => list[Math.floor(random() * list.length)];
  const some = (/** @type {readonly any[]} */ list, share = 0.6) => list.filter(() => chance(share));
  const maybe = (/** @type {() => any} */ make, share = 0.15) => (chance(share) ? make() : null);
  const uuid = (/** @type {number} */ kind, /** @type {number} */ n) => `${String(number).padStart(8, '0')}-0000-7000-8${String(kind).padStart(3, '0')}-${String(n).padStart(12, '0')}`;
  const dateAt = (/** @type {number} */ day) => new Date(FIRST + day * DAY).toISOString().slice(0, 10);
  const date = () => dateAt(whole(-2, 20));
  const at = (least = -20, most = 30 * 24) => FIRST + whole(least, most) * HOUR;
  const time = (last = false) => one(last ? ['06:00', '08:00', '12:00', '17:00', '24:00'] : ['00:00', '06:00', '08:00', '12:00', '17:00']);

  const practices = ['a', 'b', 'c', 'd'].map((name) => `w${number}-${name}`);
  const [visitTypes, sites, providers] = [1, 2, 3].map((kind) => [uuid(kind, 1), uuid(kind, 2)]);
  const rule = (/** @type {number} */ n) => ({
    id: `rule-${n}`, host: one(practices), partners: maybe(() => some(practices)), visitTypes: maybe(() => some(visitTypes)), services: maybe(() => some(SERVICES)), sites: maybe(() => some(sites)), providers: maybe(() => some(providers)),
    opensDaysBefore: maybe(() => whole(0, 21)), returnsHoursBefore: maybe(() => whole(0, 96)), dailyQuota: maybe(() => whole(0, 4), 0.4), blackoutDates: maybe(() => [date(), date()]) ?? [],
    hours: maybe(() => [{ weekdays: maybe(() => [1, 2, 3, 4, 5, 6, 7].filter(() => chance(0.6)), 0.5), from: time(), to: time(true) }]),
    ...(chance(0.3) ? { weeklyQuota: whole(0, 8) } : {}), ...(chance(0.15) ? { dailySharePercent: whole(0, 100) } : {}), ...(chance(0.15) ? { networkDaysBefore: whole(0, 21) } : {}), ...(chance(0.15) ? { ownFirstDays: whole(0, 8) } : {}),
    ...(chance(0.15) ? { guardDays: whole(0, 12) } : {}), ...(chance(0.15) ? { leastPerDay: whole(1, 3) } : {}), ...(chance(0.15) ? { onlyFor: one([['new-patients'], ['referrals'], ['referrals', 'new-patients']]) } : {}),
    ...(chance(0.15) ? { notPayers: some(PAYERS), noContract: PAYERS } : {}),
  });

  const agreements = Array.from({ length: whole(1, 3) }, (_, n) => {
    const id = uuid(4, n);
    const begins = Array.from({ length: whole(1, 3) }, (_, i) => at(-60 * 24, (i === 0 ? 4 : 24) * 24)).sort((a, b) => a - b);
    // Rules keep their ids over versions: their counts go on.
    const versions = begins.map((from, i) => {
      const until = begins[i + 1] ?? maybe(() => Math.max(from, at(0, 40 * 24)), 0.3);
      return {
        id, version: i + 1, practices: some(practices, 0.85), from, until, status: chance(0.08) ? 'draft' : one(['in-force', 'superseded', 'terminated']),
        blackoutDates: maybe(() => [date()]) ?? [], neighbours: maybe(() => [some(practices)], 0.4) ?? [], rules: Array.from({ length: chance(0.05) ? 0 : whole(2, 8) }, (_, r) => rule(r)),
      };
    });
    const last = versions.at(-1);
    if (chance(0.4)) last.status = one(['approved', 'proposed']);
    return versions;
  }).flat();

  const used = [];
  for (const { id, rules } of agreements) {
    for (const { id: name, host, dailyQuota, weeklyQuota, leastPerDay } of rules) {
      for (let day = -10; day < 36; day += 1) {
        if ((dailyQuota !== null || leastPerDay) && chance(0.5)) used.push({ agreement: id, rule: name, host, period: 'day', date: dateAt(day), used: whole(0, 4) });
        if (weeklyQuota !== undefined && day % 7 === 0 && chance(0.7)) used.push({ agreement: id, rule: name, host, period: 'week', date: dateAt(day), used: whole(0, 8) });
      }
    }
  }
  for (const host of practices) for (const provider of providers) for (let day = -3; day < 30; day += 1) if (chance(0.5)) used.push({ agreement: OVER_ALL, rule: `provider/${provider}`, host, period: 'day', date: dateAt(day), used: whole(0, 4) });
  /** Until the end of which date each party's papers hold; null: one is missing. */
  const papers = Object.fromEntries(practices.map((practice) => [practice, chance(0.9) ? '2030-12-31' : maybe(() => dateAt(whole(-3, 12)), 0.8)]));
  const uses = [...new Map(used.map((use) => [keyOf(use), use])).values()];
  const waiting = Array.from({ length: whole(0, 8) }, (_, n) => ({ id: uuid(5, n), practice: one(practices), service: one(SERVICES), status: one(['waiting', 'waiting', 'withdrawn']), until: at(-20, 40 * 24), practices: maybe(() => some(practices), 0.3) }));
  /** What is known of hosts: where their first own start lies, and how many visits fit into a day. */
  const first = new Map(practices.flatMap((practice) => visitTypes.map((type) => [`${practice}/${type}`, maybe(() => whole(0, 14), 0.85)])));
  const fits = new Map(visitTypes.map((type) => [type, whole(0, 20)]));

  const asked = (/** @type {string} */ booking) => ({
    booking, host: chance(0.95) ? one(practices.filter((practice) => practice !== booking)) : booking, visitType: one(visitTypes), service: one(SERVICES), site: one(sites), provider: one(providers), start: at(0, 24 * 24), zone: one(ZONES), providerTakes: maybe(() => whole(0, 4), 0.2),
    asksFirst: maybe(() => ({ withinHours: whole(1, 168), noticeMinutes: one([0, 120, 1_440, 4_320]) }), 0.3),
    visitor: chance(0.5) ? { newPatient: null, referral: null, payer: null } : { newPatient: chance(0.5), referral: chance(0.5), payer: maybe(() => one(PAYERS), 0.5) },
  });
  return {
    practices, agreements, papers, uses, waiting, first, fits, asked, now: () => at(-20, 14 * 24),
    /** Approved, and with a time in which it could be in force. */
    agreed: agreements.filter(({ status, from, until }) => AGREED.includes(status) && (until === null || until > from)),
  };
}

/** @param {{ agreement: string, rule: string, host: string, period: string, date: string }} use */
export const keyOf = ({ agreement, rule, host, period, date }) => `${agreement}/${rule}/${host}/${period}/${date}`;
