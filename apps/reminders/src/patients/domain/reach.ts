import { type Instant, type Zone, DEFAULT_QUIET_HOURS, type QuietHours } from '@slotmesh/kernel';
import type { Channel } from '../../plans/domain/plan-steps';
import type { PatientTime } from '../../plans/domain/step-time';

/** How a patient may be reached, as far as reminders knows; notifications decides at the moment of sending. */
export interface Reach extends PatientTime {
  /** Null: not told yet. */
  readonly language: string | null;
  readonly channels: readonly Channel[];
  /** Recorded for the patient, but not usable now: opted out, or found unreachable. */
  readonly barred: readonly Channel[];
  /** The patient asked for calls instead of messages. */
  readonly voiceOnly: boolean;
  /** Phoning tells this patient nothing: they are written to first. */
  readonly textOnly: boolean;
  readonly gone: 'patient-deceased' | 'patient-erased' | null;
}

/** What the practice recorded about the patient. */
export interface PatientRecord {
  readonly zone: Zone;
  readonly language: string | null;
  readonly channels: readonly Channel[];
  readonly voiceOnly: boolean;
  readonly textOnly: boolean;
  readonly deceased: boolean;
  readonly erased: boolean;
  readonly changedAt: Instant;
}
/** What notifications knows about the patient's contact points. */
export interface ContactPreference {
  readonly zone: Zone;
  readonly language: string;
  readonly quiet: QuietHours;
  readonly channels: readonly Channel[];
  readonly changedAt: Instant;
}

/** The newer word about zone and language counts; quiet hours and usable channels are known to notifications alone, once it has spoken. */
export function reachOf(record: PatientRecord, preference: ContactPreference | null): Reach {
  const newer = preference && preference.changedAt >= record.changedAt ? preference : record;
  return {
    zone: newer.zone,
    language: newer.language ?? preference?.language ?? null,
    quiet: preference?.quiet ?? DEFAULT_QUIET_HOURS,
    channels: preference?.channels ?? record.channels,
    barred: preference ? record.channels.filter((channel) => !preference.channels.includes(channel)) : [],
    voiceOnly: record.voiceOnly,
    textOnly: record.textOnly,
    gone: record.erased ? 'patient-erased' : record.deceased ? 'patient-deceased' : null,
  };
}

/** Whether pending times stay: nothing changed by which they were fixed or their plan was chosen. */
export const keepsTimes = (a: Reach, b: Reach): boolean => a.zone === b.zone && a.language === b.language && a.quiet.from === b.quiet.from && a.quiet.until === b.quiet.until;
