import { type Instant, type Zone, DEFAULT_QUIET_HOURS, type QuietHours } from '@slotmesh/kernel';
import type { Channel } from '../../plans/domain/plan-steps';
import type { PatientTime } from '../../plans/domain/step-time';

/** How a patient may be reached, as far as reminders knows; notifications decides at the moment of sending. */
export interface Reach extends PatientTime {
  readonly channels: readonly Channel[];
  /** Recorded for the patient, but not usable now: opted out, or found unreachable. */
  readonly barred: readonly Channel[];
  /** The patient asked for calls instead of messages. */
  readonly voiceOnly: boolean;
  readonly gone: 'patient-deceased' | 'patient-erased' | null;
}

/** What the practice recorded about the patient. */
export interface PatientRecord {
  readonly zone: Zone;
  readonly channels: readonly Channel[];
  readonly voiceOnly: boolean;
  readonly deceased: boolean;
  readonly erased: boolean;
  readonly changedAt: Instant;
}
/** What notifications knows about the patient's contact points. */
export interface ContactPreference {
  readonly zone: Zone;
  readonly quiet: QuietHours;
  readonly channels: readonly Channel[];
  readonly changedAt: Instant;
}

/** The newer word about the zone counts; quiet hours and usable channels are known to notifications alone, once it has spoken. */
export function reachOf(record: PatientRecord, preference: ContactPreference | null): Reach {
  return {
    zone: preference && preference.changedAt >= record.changedAt ? preference.zone : record.zone,
    quiet: preference?.quiet ?? DEFAULT_QUIET_HOURS,
    channels: preference?.channels ?? record.channels,
    barred: preference ? record.channels.filter((channel) => !preference.channels.includes(channel)) : [],
    voiceOnly: record.voiceOnly,
    gone: record.erased ? 'patient-erased' : record.deceased ? 'patient-deceased' : null,
  };
}

/** Whether pending times have to be fixed again. */
export const keepsTimes = (a: PatientTime, b: PatientTime): boolean => a.zone === b.zone && a.quiet.from === b.quiet.from && a.quiet.until === b.quiet.until;
