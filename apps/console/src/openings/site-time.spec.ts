import { siteDay, siteTime } from './site-time';

const plain = (text: string) => text.replace(/\u202f/g, ' ');

describe('the time at a site', () => {
  it('names its zone, and tells two zones of one hour apart in summer', () => {
    expect(plain(siteTime('2026-11-23T18:00:00.000Z', 'America/Denver'))).toBe('11:00 AM MST');
    expect(plain(siteTime('2026-11-23T18:00:00.000Z', 'America/Phoenix'))).toBe('11:00 AM MST');
    expect(plain(siteTime('2026-07-01T18:00:00.000Z', 'America/Denver'))).toBe('12:00 PM MDT');
    expect(plain(siteTime('2026-07-01T18:00:00.000Z', 'America/Phoenix'))).toBe('11:00 AM MST');
  });
  it('tells the two one o’clocks of the night in which the clocks go back apart', () => {
    expect(plain(siteTime('2026-11-01T05:30:00.000Z', 'America/New_York'))).toBe('1:30 AM EDT');
    expect(plain(siteTime('2026-11-01T06:30:00.000Z', 'America/New_York'))).toBe('1:30 AM EST');
  });
  it('gives the day at the site, not at the desk', () => {
    expect(siteDay('2026-11-24T04:30:00.000Z', 'America/New_York')).toBe('Monday, November 23, 2026');
    expect(siteDay('2026-11-24T05:30:00.000Z', 'America/New_York')).toBe('Tuesday, November 24, 2026');
  });
});
