import type { WorkDesk } from '@slotmesh/contracts';
import { type AgreementId, DAY, HOUR, type Instant, type LocalDate, type PracticeId, parseInstant, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type AgreedAccess, type StaffAccess, type Worker, mayWork } from './may-work';

const [harbor, summit, desert] = ['harbor', 'summit', 'desert'].map((code) => code as PracticeId) as [PracticeId, PracticeId, PracticeId];
const now = parseInstant('2026-11-23T18:00:00Z');
const dateAt = (at: Instant): LocalDate => new Date(at).toISOString().slice(0, 10) as LocalDate;

const anyInstant = fc.integer({ min: -20 * 24, max: 20 * 24 }).map((hours) => plusMs(now, hours * HOUR));
const practice = fc.constantFrom(harbor, summit, desert);
const desk = fc.constantFrom<WorkDesk>('inbox', 'call-list', 'wait-list');
const anyWorker: fc.Arbitrary<Worker> = fc.record({ subject: fc.constantFrom('ana', 'ben'), of: practice });
const anyAccess: fc.Arbitrary<StaffAccess> = fc.record({
  practice, subject: fc.constantFrom('ana', 'ben'), of: practice, desks: fc.subarray<WorkDesk>(['inbox', 'call-list', 'wait-list'], { minLength: 1 }), until: fc.option(anyInstant.map(dateAt), { freq: 3 }),
});
const standing = fc.record({ leavesAt: fc.option(anyInstant, { freq: 2 }), papersUntil: fc.option(anyInstant, { freq: 2 }) });
const anyVersion: fc.Arbitrary<AgreedAccess> = fc.record({
  id: fc.constantFrom('a1', 'a2').map((id) => id as AgreementId), version: fc.integer({ min: 1, max: 4 }), practices: fc.subarray([harbor, summit, desert], { minLength: 2 }), from: anyInstant, until: fc.option(anyInstant),
  dataSharedUntil: fc.option(anyInstant, { freq: 2 }), standings: fc.option(fc.record({ [harbor]: standing, [summit]: standing, [desert]: standing }), { nil: undefined }), staffAccess: fc.array(anyAccess, { maxLength: 6 }),
});
/** As they are stored: successive versions of one agreement do not overlap. */
const anyVersions = fc.uniqueArray(anyVersion, { selector: ({ id, version }) => `${id} ${version}`, maxLength: 6 });
const allowed = (worker: Worker, of: PracticeId, at: WorkDesk, versions: readonly AgreedAccess[], when: Instant): boolean => mayWork(worker, of, at, versions, when).allowed;
const whole: AgreedAccess = { id: 'a1' as AgreementId, version: 1, practices: [harbor, summit], from: plusMs(now, -DAY), until: null, staffAccess: [{ practice: harbor, subject: 'ana', of: summit, desks: ['wait-list'], until: null }] };
const ana: Worker = { subject: 'ana', of: summit };

describe('who may work a partner\'s lists', () => {
  test('the person who is named for the list, from the first instant of the version to its last', () => {
    const version: AgreedAccess = { ...whole, from: now, until: plusMs(now, DAY) };
    expect(mayWork(ana, harbor, 'wait-list', [version], now)).toEqual({ allowed: true, agreement: 'a1', version: 1 });
    for (const at of [plusMs(now, -1), plusMs(now, DAY)]) expect(mayWork(ana, harbor, 'wait-list', [version], at)).toEqual({ allowed: false, reason: 'no-agreement' });
    expect(mayWork(ana, harbor, 'call-list', [version], now)).toEqual({ allowed: false, reason: 'desk-not-agreed' });
    expect(mayWork({ ...ana, subject: 'ben' }, harbor, 'wait-list', [version], now)).toEqual({ allowed: false, reason: 'not-named' });
    expect(mayWork({ ...ana, of: desert }, harbor, 'wait-list', [version], now)).toEqual({ allowed: false, reason: 'no-agreement' });
    expect(mayWork(ana, desert, 'wait-list', [version], now)).toEqual({ allowed: false, reason: 'no-agreement' });
    expect(mayWork({ subject: 'ana', of: harbor }, summit, 'wait-list', [version], now)).toEqual({ allowed: false, reason: 'not-named' });
  });

  test('as staff of the party that named them, and by the later of two versions of one agreement', () => {
    const three: AgreedAccess = { ...whole, practices: [harbor, summit, desert] };
    expect(mayWork({ ...ana, of: desert }, harbor, 'wait-list', [three], now)).toEqual({ allowed: false, reason: 'not-named' });
    for (const versions of [[whole, { ...whole, version: 2, staffAccess: [] }], [{ ...whole, version: 2, staffAccess: [] }, whole]]) expect(mayWork(ana, harbor, 'wait-list', versions, now)).toEqual({ allowed: false, reason: 'not-named' });
    expect(mayWork(ana, harbor, 'wait-list', [{ ...whole, staffAccess: [] }, { ...whole, version: 2 }], now)).toMatchObject({ allowed: true, version: 2 });
    expect(mayWork(ana, harbor, 'wait-list', [{ ...whole, id: 'a2' as AgreementId, staffAccess: [] }, whole], now)).toMatchObject({ allowed: true, agreement: 'a1' });
  });

  test('to the end of its last date in UTC', () => {
    const version: AgreedAccess = { ...whole, staffAccess: [{ ...whole.staffAccess![0]!, until: '2026-11-24' as LocalDate }] };
    expect(allowed(ana, harbor, 'wait-list', [version], parseInstant('2026-11-24T23:59:59Z'))).toBe(true);
    expect(mayWork(ana, harbor, 'wait-list', [version], parseInstant('2026-11-25T00:00:00Z'))).toEqual({ allowed: false, reason: 'access-over' });
  });

  test('an exit of either party, papers that run out and data that is not shared any more close it at their instant', () => {
    for (const party of [harbor, summit]) {
      const leaves: AgreedAccess = { ...whole, standings: { [party]: { leavesAt: now, papersUntil: null } } };
      const papers: AgreedAccess = { ...whole, standings: { [party]: { leavesAt: null, papersUntil: now } } };
      for (const version of [leaves, papers]) expect([plusMs(now, -1), now].map((at) => allowed(ana, harbor, 'wait-list', [version], at))).toEqual([true, false]);
    }
    expect([plusMs(now, -1), now].map((at) => allowed(ana, harbor, 'wait-list', [{ ...whole, dataSharedUntil: now }], at))).toEqual([true, false]);
    const others: AgreedAccess = { ...whole, practices: [harbor, summit, desert], standings: { [desert]: { leavesAt: now, papersUntil: now } } };
    expect(allowed(ana, harbor, 'wait-list', [others], now)).toBe(true);
  });

  test('P7: a version that is not in force, or that does not name the person, opens nothing', () => {
    fc.assert(fc.property(anyVersions, anyWorker, practice, desk, anyInstant, (versions, worker, of, at, when) => {
      const decision = mayWork(worker, of, at, versions, when);
      if (!decision.allowed) return;
      const version = versions.find(({ id, version: n }) => id === decision.agreement && n === decision.version)!;
      expect(version.from <= when && (version.until === null || when < version.until)).toBe(true);
      expect(version.practices).toEqual(expect.arrayContaining([worker.of, of]));
      expect(worker.of).not.toBe(of);
      expect(version.staffAccess!.some((access) => access.subject === worker.subject && access.of === worker.of && access.practice === of && access.desks.includes(at) && (access.until === null || dateAt(when) <= access.until))).toBe(true);
      expect([worker.of, of].every((party) => {
        const { leavesAt = null, papersUntil = null } = version.standings?.[party] ?? {};
        return (leavesAt === null || when < leavesAt) && (papersUntil === null || when < papersUntil);
      })).toBe(true);
    }), { numRuns: 3_000 });
  });

  test('what narrows the agreement narrows this: no standing, no end of data, no left out name opens what was closed', () => {
    const narrowed = fc.tuple(anyVersion, anyInstant, fc.constantFrom('until', 'data', 'leaves', 'papers', 'names', 'desks')).map(([version, at, how]): [AgreedAccess, AgreedAccess] => {
      const earlier = (end: Instant | null | undefined): Instant => (end == null || at < end ? at : end);
      const all = (change: (one: { leavesAt: Instant | null; papersUntil: Instant | null }) => object) => Object.fromEntries([harbor, summit, desert].map((one) => {
        const { leavesAt = null, papersUntil = null } = version.standings?.[one] ?? {};
        return [one, { leavesAt, papersUntil, ...change({ leavesAt, papersUntil }) }];
      }));
      const less: Record<string, Partial<AgreedAccess>> = {
        until: { until: earlier(version.until) }, data: { dataSharedUntil: earlier(version.dataSharedUntil) }, leaves: { standings: all(({ leavesAt }) => ({ leavesAt: earlier(leavesAt) })) },
        papers: { standings: all(({ papersUntil }) => ({ papersUntil: earlier(papersUntil) })) }, names: { staffAccess: version.staffAccess!.slice(1) }, desks: { staffAccess: version.staffAccess!.map((access) => ({ ...access, desks: access.desks.slice(1) })) },
      };
      return [version, { ...version, ...less[how] }];
    });
    fc.assert(fc.property(narrowed, anyWorker, practice, desk, anyInstant, ([version, less], worker, of, at, when) => {
      if (!allowed(worker, of, at, [version], when)) expect(allowed(worker, of, at, [less], when)).toBe(false);
    }), { numRuns: 3_000 });
  });

  test('an amendment without the person ends it, whatever the version before said; the order of versions is without meaning', () => {
    fc.assert(fc.property(anyVersions, anyWorker, practice, desk, anyInstant, (versions, worker, of, at, when) => {
      expect(mayWork(worker, of, at, versions.toReversed(), when).allowed).toBe(allowed(worker, of, at, versions, when));
      const amended = [...versions, ...(['a1', 'a2'] as AgreementId[]).map((id): AgreedAccess => ({ ...whole, id, version: 9, from: when, staffAccess: [] }))];
      expect(allowed(worker, of, at, amended, when)).toBe(false);
    }), { numRuns: 3_000 });
  });
});
