import { type LocalDate, type LocalTime, type VisitTypeId, parseInstant, parseZone } from '@slotmesh/kernel';
import { type OverbookRule, type SessionBlock, type Sessions, overbookLanes, walkInsAt } from './overbooking';

const zone = parseZone('America/New_York');
const block = (from: string, to: string, overbook: OverbookRule | null): Sessions['hours'][number] => ({ id: 'block', key: 'block', of: 'week', keptFor: null, limits: [], walkIns: 0, weekday: 1, from: from as LocalTime, to: to as LocalTime, validFrom: '2026-01-01' as LocalDate, validTo: null, overbook });
// 30 November 2026 is a Monday; New York is five hours behind UTC.
const visit = (from: string, to: string) => ({ start: parseInstant(`2026-11-30T${from}:00-05:00`), end: parseInstant(`2026-11-30T${to}:00-05:00`), visitType: 'v1' as VisitTypeId });
const lanes = (hours: Sessions['hours'], at = visit('09:00', '09:30'), more: { exceptions?: []; closed?: boolean } = {}): number =>
  overbookLanes({ hours, exceptions: [], closures: more.closed ? [{ firstDay: '2026-11-30' as LocalDate, lastDay: '2026-11-30' as LocalDate }] : [] }, at, zone);

describe('overbooking', () => {
  it('is only where a block says so, for the types that it names, and for visits that lie inside it', () => {
    expect(lanes([block('08:00', '12:00', null)])).toBe(0);
    expect(lanes([block('08:00', '12:00', { lanes: 2, visitTypes: null })])).toBe(2);
    expect(lanes([block('08:00', '12:00', { lanes: 2, visitTypes: ['v2' as VisitTypeId] })])).toBe(0);
    expect(lanes([block('08:00', '12:00', { lanes: 2, visitTypes: ['v1' as VisitTypeId] }), block('12:00', '16:00', null)], visit('11:45', '12:15'))).toBe(0);
    expect(lanes([block('08:00', '12:00', { lanes: 2, visitTypes: null })], visit('13:00', '13:30'))).toBe(0);
  });

  it('ends with a closure, and on a date with other hours is what those say', () => {
    expect(lanes([block('08:00', '12:00', { lanes: 2, visitTypes: null })], visit('09:00', '09:30'), { closed: true })).toBe(0);
    const on = (rules: Partial<SessionBlock>) => ({ hours: [{ ...block('08:00', '12:00', { lanes: 2, visitTypes: null }), walkIns: 3 }], closures: [],
      exceptions: [{ date: '2026-11-30' as LocalDate, mode: 'instead' as const, hours: [{ from: '08:00' as LocalTime, to: '10:00' as LocalTime, id: 'date', key: 'date', of: 'date' as const, keptFor: null, limits: [], overbook: null, walkIns: 0, ...rules }] }] });
    const said = (rules: Partial<SessionBlock>, [from, to] = ['09:00', '09:30']): number[] => [overbookLanes(on(rules), visit(from!, to!), zone), walkInsAt(on(rules), visit(from!, to!).start, zone)];
    expect(said({})).toEqual([0, 0]);
    expect(said({ overbook: { lanes: 1, visitTypes: null }, walkIns: 2 })).toEqual([1, 2]);
    expect(said({ overbook: { lanes: 1, visitTypes: null }, walkIns: 2 }, ['09:45', '10:15'])).toEqual([0, 2]);
    expect(said({ overbook: { lanes: 1, visitTypes: ['v2' as VisitTypeId] }, walkIns: 2 }, ['10:00', '10:30'])).toEqual([0, 0]);
  });

  it('lets people walk in as many as the block says in which they come, though their visit may run on beyond it', () => {
    const walkIns = (time: string): number => walkInsAt({ hours: [{ ...block('08:00', '12:00', null), walkIns: 2 }, { ...block('10:00', '11:00', null), walkIns: 3 }, block('13:00', '16:00', null)], exceptions: [], closures: [] }, visit(time, '17:00').start, zone);
    expect(['07:59', '08:00', '10:30', '11:59', '12:00', '14:00'].map(walkIns)).toEqual([0, 2, 3, 2, 0, 0]);
  });
});
