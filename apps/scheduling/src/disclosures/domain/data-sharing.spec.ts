import { type LocalDate, parseInstant } from '@slotmesh/kernel';
import { DataSharingTooNarrow, type SharedData, requireDataForRules, sharedUntil, timeSharedUntil } from './data-sharing';

const from = parseInstant('2027-01-01T05:00:00Z');
const shared = (profile: SharedData['profile'], until: string | null = null, purpose: SharedData['purpose'] = 'treatment'): SharedData => ({ purpose, profile, until: until as LocalDate | null });

describe('what data an agreement shares', () => {
  it('is, where it says nothing, what agreements let go before they could say it', () => {
    expect(timeSharedUntil(null)).toBeNull();
    expect(sharedUntil(null, 'treatment', 'referral-packet')).toBeNull();
    expect(sharedUntil(null, 'operations', 'counts')).toBeNull();
    expect(sharedUntil(null, 'payment', 'booking')).toBe(0);
  });

  it('is nothing else than what it says: another purpose or profile opens nothing', () => {
    expect(timeSharedUntil([])).toBe(0);
    expect(timeSharedUntil([shared('free-busy')])).toBe(0);
    expect(timeSharedUntil([shared('free-busy'), shared('booking', null, 'operations')])).toBe(0);
    expect(timeSharedUntil([shared('free-busy'), shared('booking')])).toBeNull();
  });

  it('ends with the last minute of the date, by the entry that lasts longest, and time with the shorter of its two profiles', () => {
    expect(timeSharedUntil([shared('free-busy', '2027-03-31'), shared('booking', '2027-02-28'), shared('booking', '2027-01-31')])).toBe(parseInstant('2027-03-01T00:00:00Z'));
  });

  it('must let time be booked where a version has rules', () => {
    expect(() => requireDataForRules({ rules: [{}], dataSharing: [shared('booking')] }, from)).toThrow(DataSharingTooNarrow);
    expect(() => requireDataForRules({ rules: [{}], dataSharing: [shared('free-busy'), shared('booking', '2026-12-31')] }, from)).toThrow(DataSharingTooNarrow);
    expect(() => requireDataForRules({ rules: [], dataSharing: [] }, from)).not.toThrow();
    expect(() => requireDataForRules({ rules: [{}] }, from)).not.toThrow();
    expect(() => requireDataForRules({ rules: [{}], dataSharing: [shared('free-busy'), shared('booking', '2027-01-01')] }, from)).not.toThrow();
  });
});
