import { Clock, DAY, MovableClock, addDays, formatInstant, parseInstant, parseLocalDate, plusMs, weekdayOf } from '@slotmesh/kernel';
import { RunningCapacity } from '../../test/running-capacity';
import { ForecastsInThread } from './forecasts-in-thread';

/** Requests of a weekday, Monday first; a request is for a visit a week later. */
const ASKED = [20, 16, 12, 10, 6];
/** 300 dates before today: so many visits asked for on each weekday, one more or less by md5. */
const VISITS = `
  INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, request_day, booked_at, took_time, changed_at)
  SELECT gen_random_uuid(), 1, CASE WHEN d + 7 < $1::date THEN 'fulfilled' ELSE 'booked' END, 'summit', 'summit', md5('site')::uuid, md5('provider')::uuid, md5('type')::uuid, 'skin-check', 'in-person', d + 7 + time '16:00', d + 7 + time '16:30', 'America/Denver', d + 7, d, d + time '15:00', true, $1::date
  FROM (SELECT $1::date - back AS d FROM generate_series(1, 300) AS back) dates
  CROSS JOIN LATERAL generate_series(1, ('{${ASKED.join(',')}}'::int[])[extract(isodow FROM d)::int] + ('x' || substr(md5(d::text), 1, 2))::bit(8)::int % 3 - 1) AS n
  WHERE extract(isodow FROM d) <= 5 AND d <> $2::date`;
const SUPPLY = `
  INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at)
  SELECT gen_random_uuid(), 'summit', md5('provider')::uuid, d::date, CASE WHEN extract(isodow FROM d) > 5 OR d::date = ANY ($2::date[]) THEN 0 ELSE 480 END, 0, $1::date FROM generate_series($1::date - interval '300 days', $1::date + interval '40 days', '1 day') AS d`;

interface Point { readonly date: string; readonly value: number; readonly low80: number; readonly high80: number; readonly low95: number; readonly high95: number; readonly closed: boolean; readonly booked: number }

describe('forecasts of the own demand', () => {
  let capacity: RunningCapacity;
  const monday = (from: string) => { let day = parseLocalDate(from); while (weekdayOf(day) !== 1) day = addDays(day, 1); return day; };
  let [today, closedAhead] = [parseLocalDate('2026-01-01'), parseLocalDate('2026-01-01')];
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.practice('summit');
    await capacity.settled();
    const { rows: [row] } = await capacity.admin.query(`SELECT ($1::timestamptz AT TIME ZONE 'America/Denver')::date::text AS today`, [formatInstant(capacity.now)]);
    today = parseLocalDate(row.today);
    const closedBefore = monday(addDays(today, -50));
    closedAhead = monday(addDays(today, 7));
    await capacity.admin.query(VISITS, [today, closedBefore]);
    await capacity.admin.query(SUPPLY, [today, [closedBefore, closedAhead]]);
  });
  afterAll(() => capacity.stop());
  const ask = (query: string, subject = 'manager@summit.example') => capacity.get(subject, `/forecasts?${query}`);

  it('P18: a weekly pattern comes back with intervals, a stated closure as 0, the errors of earlier dates, and the definition of what is forecast', async () => {
    const [{ status, body }, twin] = await Promise.all([ask('service=skin-check'), ask('service=skin-check')]);
    expect([status, body.refused, twin.body.forecast]).toEqual([200, null, body.forecast]);
    expect(body).toMatchObject({ horizonDays: 28, measure: { id: 'demand', version: 2 }, history: { to: expect.any(String), daysOfWeek: 5, closed: 1, demandWhileClosed: 0 }, missing: expect.arrayContaining([{ source: 'scheduling.search.v1', why: 'nothing has been received yet' }]) });
    const points: Point[] = body.forecast.points;
    expect(points).toHaveLength(20);
    for (const point of points) {
      if (point.date === closedAhead) expect(point).toMatchObject({ value: 0, low80: 0, high95: 0, closed: true });
      else {
        expect(Math.abs(point.value - ASKED[weekdayOf(parseLocalDate(point.date)) - 1]!)).toBeLessThan(2);
        expect([point.closed, point.low95 <= point.low80, point.low80 < point.value, point.value < point.high80, point.high80 <= point.high95]).toEqual([false, true, true, true, true]);
      }
    }
    expect(points.find(({ closed }) => closed)?.date).toBe(closedAhead);
    // What was asked for in the last week is for visits of the next.
    expect(points.slice(0, 5).some(({ booked }) => booked > 0)).toBe(true);
    const { errors } = body.forecast;
    expect(errors.chosen.wape).toBeLessThan(0.12);
    expect([errors.chosen.earlierDates, errors.methods.length]).toEqual([26, 6]);
    expect(errors.chosen.coverage80).toBeGreaterThan(0.6);
  });

  it('P18: what is asked for today and later changes no forecast, and a series is computed once', async () => {
    const forecasts = capacity.app!.get(ForecastsInThread, { strict: false });
    const points = async (): Promise<Point[]> => (await ask('service=skin-check')).body.forecast.points;
    const [before, computed] = [await points(), forecasts.computed];
    expect(computed).toBe(1);
    const later = addDays(today, 3);
    await capacity.admin.query(`INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, request_day, booked_at, took_time, changed_at)
      SELECT gen_random_uuid(), 1, 'booked', 'summit', 'summit', md5('site')::uuid, md5('provider')::uuid, md5('type')::uuid, 'skin-check', 'in-person', $2::date + time '16:00', $2::date + time '16:30', 'America/Denver', $2::date, $1::date, $3, true, $3 FROM generate_series(1, 90)`, [today, later, formatInstant(plusMs(capacity.now, DAY))]);
    const after = await points();
    const withoutBooked = (all: readonly Point[]) => all.map((point) => ({ ...point, booked: 0 }));
    expect(withoutBooked(after)).toEqual(withoutBooked(before));
    expect(after.reduce((sum, { booked }) => sum + booked, 0) - before.reduce((sum, { booked }) => sum + booked, 0)).toBe(weekdayOf(later) <= 5 ? 90 : 0);
    expect(forecasts.computed).toBe(computed);
  });

  it('P18: says of which dates nobody has stated yet whether they are open, and what is known of closures at earlier dates', async () => {
    const { forecast } = (await ask('service=skin-check&horizonDays=84')).body;
    const stated = addDays(today, 40);
    expect(forecast.points.map(({ date, stated: isStated }: { date: string; stated: boolean }) => [date, isStated])).toEqual(forecast.points.map(({ date }: { date: string }) => [date, date <= stated]));
    expect(new Set(forecast.points.map(({ stated: isStated }: { stated: boolean }) => isStated))).toEqual(new Set([true, false]));
    expect(forecast.errors.definition).toContain('as it is stated today');
  });

  it('answers with no dates where the next are a weekend on which the practice never works', async () => {
    const [clock, saturday] = [capacity.app!.get(Clock), addDays(monday(addDays(today, 1)), 5)];
    if (!(clock instanceof MovableClock)) throw new Error('the clock cannot be moved');
    clock.moveTo(clock.offset + (parseInstant(`${saturday}T18:00:00Z`) - clock.now()));
    for (const days of [1, 2]) expect((await ask(`service=skin-check&horizonDays=${days}`)).body).toMatchObject({ refused: null, history: { daysOfWeek: 5 }, forecast: { method: 'none', points: [], errors: { earlierDates: 0, methods: [] } } });
    expect((await ask('service=skin-check&horizonDays=3')).body.forecast.points).toHaveLength(1);
  });

  it('P18: refuses in words where the history is too short, where there is none, and for an operator', async () => {
    expect((await ask('service=skin-check&horizonDays=84')).body.refused).toBeNull();
    await capacity.admin.query(`DELETE FROM supply_day WHERE day < $1::date - 120`, [today]);
    expect((await ask('service=skin-check')).body).toMatchObject({ forecast: null, refused: { sentence: expect.stringMatching(/^\d+ open weekdays have a value; 105 are needed/) } });
    expect((await ask('service=echo')).body).toMatchObject({ forecast: null, history: null, refused: { sentence: expect.stringContaining('No demand of this service') } });
    expect((await ask('service=skin-check', 'manager@desert.example')).body.refused.sentence).toContain('No demand of this service');
    expect((await ask('service=skin-check', 'operator@network.example')).body).toMatchObject({ status: 422, code: 'forecast-of-no-practice' });
    expect((await ask('service=skin-check&horizonDays=85')).status).toBe(400);
  });
});
