import { instant, parseLocalDate, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { appointmentStatuses } from '../../appointments/domain/transitions';
import { type Represents, actionsOn, isOfAge, pageActions, rightsOfRepresentative } from './page-rights';

const date = parseLocalDate;
const parent: Represents = { relation: 'parent', may: ['see-visits', 'book', 'cancel'], validFrom: date('2026-01-01'), validTo: null };
const rights = (today: string, over: Partial<Represents> = {}, born = '2010-06-15') => rightsOfRepresentative({ ...parent, ...over }, date(born), date(today));

describe('what a representative may do', () => {
  it('is what the practice recorded', () => {
    expect([...rights('2026-11-26')!]).toEqual(['confirm', 'move', 'cancel']);
    expect([...rights('2026-11-26', { may: ['see-visits', 'cancel'] })!]).toEqual(['cancel']);
    expect([...rights('2026-11-26', { may: ['see-visits'] })!]).toEqual([]);
    expect(rights('2026-11-26', { may: ['book', 'cancel', 'receive-messages'] })).toBeNull();
  });

  it('begins and ends on its days, both included', () => {
    const days = { validTo: date('2026-12-31') };
    expect(['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((today) => rights(today, days) !== null)).toEqual([false, true, true, false]);
  });

  it("ends for a parent on the 18th birthday, and not for a carer", () => {
    expect(['2028-06-14', '2028-06-15'].map((today) => rights(today) !== null)).toEqual([true, false]);
    expect(rights('2028-06-15', { relation: 'guardian' })).not.toBeNull();
    expect(['2026-02-28', '2026-03-01'].map((today) => isOfAge(date('2008-02-29'), date(today)))).toEqual([false, true]);
  });
});

describe('the steps that a page offers', () => {
  const zone = parseZone('America/Denver');
  const visit = (status: (typeof appointmentStatuses)[number], participation: 'needs-action' | 'accepted' = 'needs-action') => ({ status, participation, start: instant(1_000), end: instant(2_000), zone });

  it('are all three for a booked visit, without the confirmation once it is confirmed', () => {
    expect(actionsOn(visit('booked'), new Set(pageActions), instant(0))).toEqual(['confirm', 'move', 'cancel']);
    expect(actionsOn(visit('booked', 'accepted'), new Set(pageActions), instant(0))).toEqual(['move', 'cancel']);
    expect(actionsOn(visit('pending'), new Set(pageActions), instant(0))).not.toContain('confirm');
  });

  it('never go beyond the rights, and are none once the visit has begun or the patient is there', () => {
    fc.assert(fc.property(fc.constantFrom(...appointmentStatuses), fc.subarray([...pageActions]), fc.nat({ max: 3_000 }), (status, may, now) => {
      const offered = actionsOn(visit(status), new Set(may), instant(now));
      expect(may).toEqual(expect.arrayContaining(offered));
      if (now >= 1_000 || !['booked', 'pending'].includes(status)) expect(offered).toEqual([]);
    }));
  });
});
