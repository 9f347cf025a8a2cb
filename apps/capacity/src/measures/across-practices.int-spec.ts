import { newId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { RunningCapacity, partnership } from '../../test/running-capacity';
import { catalogue } from './domain/catalogue';

const MONTH = '2026-05';
const DAYS = ['2026-05-04', '2026-05-05', '2026-05-11'];
const SERVICES = ['skin-check', 'echo'];
const BOOKERS = ['harbor', 'desert', 'valley'];
const MINUTES = 30;
const OPERATOR = 'operator@network.example';
interface Group { readonly booking: string; readonly service: string; readonly day: string; readonly used: number; readonly cancelled: number }
interface Range { readonly least: number; readonly most: number }
const sumOf = (ranges: readonly Range[]): Range => ({ least: ranges.reduce((sum, { least }) => sum + least, 0), most: ranges.reduce((sum, { most }) => sum + most, 0) });
const both = (a: Range, b: Range): Range => ({ least: Math.max(a.least, b.least), most: Math.min(a.most, b.most) });
/** What eleven or more, told to ten, may have been. */
const toTen = (told: number): Range => ({ least: Math.max(11, told - 5), most: told + 4 });
const less = ({ least, most }: Range, by: number): Range => ({ least: Math.max(0, least - by), most: most - by });
const isFew = ({ least, most }: Range): boolean => least === most && least >= 1 && least <= 10;
const total = (groups: readonly Group[], of: (group: Group) => number): number => groups.reduce((sum, group) => sum + of(group), 0);

describe('what practices are told of each other', () => {
  let capacity: RunningCapacity;
  beforeAll(async () => {
    capacity = await RunningCapacity.start();
    await capacity.admin.query(`INSERT INTO practice SELECT id, id, 'America/Denver', CASE WHEN id <> 'lakeside' THEN $1::uuid END, true, now() FROM unnest('{harbor,summit,desert,valley,lakeside}'::text[]) AS p(id)`, [partnership]);
  });
  afterAll(() => capacity.stop());

  const visits = (booking: string, service: string, day: string, count: number, status: string) => capacity.admin.query(
    `INSERT INTO visit (id, revision, status, host, booking, site, provider, visit_type, service, modality, start_at, end_at, zone, day, booked_at, request_day, changed_at, took_time)
     SELECT gen_random_uuid(), 1, $5, 'summit', $1, $6, $6, $6, $2, 'in-person', $3::date + time '16:00', $3::date + time '16:30', 'America/Denver', $3::date, $3::date - 4, $3::date - 4, now(), true FROM generate_series(1, $4::int)`, [booking, service, day, count, status, newId()]);
  const ask = async (who: string, path: string) => (await capacity.get(who, path)).body as { items: { practice: string; value: number | null; numerator: number | null }[]; use: { booking: string; service: string; visits: number }[] };
  const forget = () => capacity.admin.query('TRUNCATE visit, visit_count, visit_delta, shared_day, month_cell, month_changed');
  const today = (shift: number): string => new Date(capacity.now + shift * 86_400_000).toISOString().slice(0, 10);

  it('P18: a third practice that asks before and after each booking sees no difference: not ahead, not on the day, not two days later, and never of few', async () => {
    await forget();
    await visits('desert', 'skin-check', today(-5), 30, 'fulfilled');
    const third = async () => [
      (await capacity.get('manager@harbor.example', `/measures/shared-visits?from=${today(-40)}&to=${today(40)}`)).body.items, (await capacity.get(OPERATOR, `/measures/shared-visits?from=${today(-40)}&to=${today(40)}`)).body.items,
      (await capacity.get('manager@harbor.example', `/measures/shared-used/network?from=${today(-40).slice(0, 7)}&to=${today(0).slice(0, 7)}`)).body.items,
    ];
    const before = await third();
    expect(before.slice(0, 2)).toEqual(Array.from({ length: 2 }, () => [expect.objectContaining({ day: today(-5), booked: 30, fulfilled: null, opens: false })]));
    // On one day, of no more than ten: for ever.
    for (const [day, most] of [[today(-2), 14], [today(0), 14], [today(3), 14], [today(-30), 10]] as const) {
      for (let count = 1; count <= most; count += 1) {
        await visits('desert', 'skin-check', day, 1, count % 3 === 0 ? 'cancelled' : 'booked');
        if (day !== today(-30) && count % 7 === 0) await capacity.counted();
        if (count <= 2 || count >= 9) expect([day, count, await third()]).toEqual([day, count, before]);
      }
    }
    expect((await capacity.get('manager@desert.example', `/measures/shared-visits?from=${today(-40)}&to=${today(40)}`)).body.items.map((cell: { day: string; booked: number }) => [cell.day, cell.booked])).toEqual([[today(-30), 10], [today(-5), 30], [today(-2), 14], [today(0), 14], [today(3), 14]]);
  });

  it('P18: no combination of the answers that one practice may see yields that between one and ten people of another were there', async () => {
    const count = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 2 }) }, { weight: 2, arbitrary: fc.integer({ min: 11, max: 40 }) }, fc.integer({ min: 0, max: 13 }));
    const groups = fc.tuple(...BOOKERS.flatMap((booking) => SERVICES.flatMap((service) => DAYS.map((day) => fc.record({ booking: fc.constant(booking), service: fc.constant(service), day: fc.constant(day), used: count, cancelled: fc.integer({ min: 0, max: 2 }) }))))).map((all) => all.filter(({ used, cancelled }) => used + cancelled > 0));
    let told = 0;
    await fc.assert(fc.asyncProperty(groups, fc.integer({ min: 0, max: 4_000 }), async (world, unused) => {
      await forget();
      for (const { booking, service, day, used, cancelled } of world) {
        await visits(booking, service, day, used, 'fulfilled');
        await visits(booking, service, day, cancelled, 'cancelled');
      }
      const offered = total(world, ({ used }) => used) * MINUTES + unused;
      fc.pre(offered > 0);
      await capacity.admin.query(`INSERT INTO shared_day (id, agreement, host, day, offered, returned, changed_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'summit', $1, $2, $3, now())`, [DAYS[0], offered, unused]);
      await capacity.counted();

      for (const [who, viewer] of [['manager@harbor.example', 'harbor'], ['manager@desert.example', 'desert'], [OPERATOR, null]] as const) {
        const cells = (await ask(who, `/measures/shared-visits?from=${MONTH}-01&to=${MONTH}-31`)).items as unknown as { booking: string; service: string; day: string; booked: number }[];
        const use = viewer === null ? [] : (await ask(who, `/reports?from=${MONTH}&to=${MONTH}`)).use;
        const value = (await ask(who, `/measures/shared-used/network?from=${MONTH}&to=${MONTH}`)).items.find(({ practice }) => practice === 'summit')?.value ?? null;

        // The asker knows what it booked, which days are open, what was opened, and (more than it can) what was called off.
        const parts = BOOKERS.flatMap((booking) => SERVICES.map((service) => {
          const of = world.filter((group) => group.booking === booking && group.service === service);
          const exact = total(of, ({ used }) => used);
          if (booking === viewer) return { booking, range: { least: exact, most: exact }, shown: { least: exact, most: exact }, hidden: 0 };
          const days = DAYS.map((day) => cells.find((cell) => cell.booking === booking && cell.service === service && cell.day === day));
          const month = use.find((line) => line.booking === booking && line.service === service);
          const booked = both(sumOf(days.map((cell) => (cell ? toTen(cell.booked) : { least: 0, most: 10 }))), month ? toTen(month.visits) : { least: 0, most: Number.POSITIVE_INFINITY });
          const calledOff = total(of, ({ cancelled }) => cancelled);
          const shown = month ? less(toTen(month.visits), calledOff) : sumOf(days.map((cell) => (cell ? less(toTen(cell.booked), total(of.filter(({ day }) => day === cell.day), ({ cancelled }) => cancelled)) : { least: 0, most: 0 })));
          return { booking, shown, range: less(booked, calledOff), hidden: month ? 0 : total(of.filter(({ day }) => !days.some((cell) => cell?.day === day)), ({ used }) => used) };
        }));
        let all: Range = { least: 0, most: Number.POSITIVE_INFINITY };
        if (value !== null) {
          told += 1;
          // Told to a hundredth of what was opened, and to eleven visits.
          const near = [value - 0.005, value + 0.005].map((share) => Math.round((share * offered) / MINUTES / 11) * 11);
          all = { least: near[0]! - 5, most: near[1]! + 5 };
          const hidden = parts.reduce((sum, part) => sum + part.hidden, 0);
          if (viewer !== null) expect([viewer, hidden === 0 || hidden >= 11]).toEqual([viewer, true]);
        }
        for (const [index, part] of parts.entries()) if (part.booking !== viewer) {
          const rest = sumOf(parts.filter((_, other) => other !== index).map(({ range }) => range));
          expect([viewer, part, isFew(both(part.range, { least: all.least - rest.most, most: all.most - rest.least }))]).toEqual([viewer, part, false]);
        }
        const shown = sumOf(parts.map((part) => part.shown));
        expect([viewer, isFew(both({ least: 0, most: Number.POSITIVE_INFINITY }, { least: all.least - shown.most, most: all.most - shown.least }))]).toEqual([viewer, false]);
        for (const booking of BOOKERS) if (booking !== viewer) {
          const [of, rest] = [sumOf(parts.filter((part) => part.booking === booking).map(({ range }) => range)), sumOf(parts.filter((part) => part.booking !== booking).map(({ range }) => range))];
          expect([viewer, booking, isFew(both(of, { least: all.least - rest.most, most: all.most - rest.least }))]).toEqual([viewer, booking, false]);
        }
      }
    }), { numRuns: 8 });
    expect(told).toBeGreaterThan(0);
  });

  it('P18: time used by a partner with many visits and one with a single visit is told to neither a third practice nor an operator', async () => {
    await forget();
    await visits('harbor', 'skin-check', DAYS[0]!, 40, 'fulfilled');
    await visits('valley', 'skin-check', DAYS[0]!, 1, 'fulfilled');
    await capacity.admin.query(`INSERT INTO shared_day (id, agreement, host, day, offered, returned, changed_at) VALUES (gen_random_uuid(), gen_random_uuid(), 'summit', $1, 1500, 200, now())`, [DAYS[0]]);
    await capacity.counted();
    const value = async (who: string, id: string) => (await ask(who, `/measures/${id}/network?from=${MONTH}&to=${MONTH}`)).items.find(({ practice }) => practice === 'summit')!.value;
    for (const id of ['shared-used', 'shared-returned']) for (const who of ['manager@desert.example', 'manager@harbor.example', OPERATOR]) expect([id, who, await value(who, id)]).toEqual([id, who, null]);
    expect(await value('manager@summit.example', 'shared-used')).toBe(0.82);
    // Ten more, and what is hidden is of eleven: 51 visits are told as 55, which is all that was open.
    await visits('valley', 'echo', DAYS[1]!, 10, 'fulfilled');
    await capacity.counted();
    expect([await value('manager@desert.example', 'shared-used'), await value('manager@summit.example', 'shared-used')]).toEqual([1, 1.02]);
  });

  it('P18: an operator has a line for each partnership, and sees nothing of a practice without one; what is told of no practice is told to nobody else', async () => {
    await forget();
    const other = newId();
    await capacity.admin.query(`INSERT INTO practice SELECT id, id, 'America/Denver', $1::uuid, true, now() FROM unnest('{alpine,coast}'::text[]) AS p(id)`, [other]);
    const values = { summit: 10, desert: 20, alpine: 50, coast: 70, lakeside: 900 };
    await capacity.admin.query(
      `INSERT INTO month_cell (practice, month, measure, service, numerator, denominator, people, rest) SELECT p, $1::date, m, 'echo', v, 1, 50, 50 FROM jsonb_each_text($2::jsonb) AS one(p, t) CROSS JOIN LATERAL (SELECT t::float8 AS v) n CROSS JOIN unnest($3::text[]) AS m`,
      [`${MONTH}-01`, JSON.stringify(values), catalogue.map(({ definition }) => definition.id)]);
    const network = async (who: string, id: string) => (await capacity.get(who, `/measures/${id}/network?from=${MONTH}&to=${MONTH}`)).body as { acrossPractices: boolean; items: { practice: string }[]; line: { partnership?: string; median: number; practices: number }[] };
    const { items, line } = await network(OPERATOR, 'third-next-available');
    expect(items.map(({ practice }) => practice)).toEqual(['alpine', 'coast', 'desert', 'summit']);
    expect(line.map(({ partnership: of, median, practices }) => [of, median, practices])).toEqual([[other, 60, 2], [partnership, 15, 2]]);
    for (const { definition, acrossPractices } of catalogue) {
      for (const who of [OPERATOR, 'manager@harbor.example']) expect([definition.id, who, (await network(who, definition.id)).items.length > 0]).toEqual([definition.id, who, acrossPractices]);
      expect((await network('manager@lakeside.example', definition.id)).items.map(({ practice }) => practice)).toEqual(['lakeside']);
    }
    await capacity.admin.query('DELETE FROM practice WHERE partnership = $1', [other]);
  });
});
