import { type LocalTime, parseInstant, parseZone, DEFAULT_QUIET_HOURS } from '@slotmesh/kernel';
import { type ContactPreference, type PatientRecord, keepsTimes, reachOf } from './reach';

const record: PatientRecord = { zone: parseZone('America/New_York'), language: null, channels: ['sms', 'email'], voiceOnly: false, textOnly: false, deceased: false, erased: false, changedAt: parseInstant('2026-07-01T12:00:00Z') };
const preference: ContactPreference = { zone: parseZone('America/Denver'), language: 'en', quiet: { from: '20:00' as LocalTime, until: '09:00' as LocalTime }, channels: ['email'], changedAt: parseInstant('2026-07-01T12:00:01Z') };

describe('how a patient is reached', () => {
  it("is the practice's record until notifications has spoken, with 21:00 to 08:00 quiet", () => {
    expect(reachOf(record, null)).toEqual({ zone: 'America/New_York', language: null, quiet: DEFAULT_QUIET_HOURS, channels: ['sms', 'email'], barred: [], voiceOnly: false, textOnly: false, gone: null });
  });
  it('takes the newer zone and language, and quiet hours and usable channels from notifications', () => {
    expect(reachOf(record, preference)).toMatchObject({ zone: 'America/Denver', quiet: preference.quiet, channels: ['email'], barred: ['sms'] });
    const later = { ...record, changedAt: parseInstant('2026-07-02T12:00:00Z') };
    expect(reachOf(later, preference)).toMatchObject({ zone: 'America/New_York', language: 'en', channels: ['email'] });
    expect(reachOf({ ...later, language: 'es' }, preference)).toMatchObject({ language: 'es' });
  });
  it('ends with death or erasure, and times stay where zone, language and quiet hours do', () => {
    expect(reachOf({ ...record, deceased: true }, preference).gone).toBe('patient-deceased');
    expect(reachOf({ ...record, deceased: true, erased: true }, null).gone).toBe('patient-erased');
    expect(keepsTimes(reachOf(record, null), reachOf({ ...record, channels: [] }, null))).toBe(true);
    expect(keepsTimes(reachOf(record, null), reachOf(record, preference))).toBe(false);
    expect(keepsTimes(reachOf({ ...record, language: 'en' }, null), reachOf({ ...record, language: 'es' }, null))).toBe(false);
  });
});
