export type ErrorClass = 'number-permanent' | 'landline' | 'opt-out' | 'number-maybe-transient' | 'config' | 'content' | 'rate-or-capacity' | 'daily-cap' | 'ambiguous' | 'expired' | 'quiet-hours-tool';

/** twilio.com/docs/errors/<code>. Twilio warns against programming on codes (changelog of 2024-07-10), so they are data. */
const CODES: Readonly<Record<ErrorClass, readonly number[]>> = {
  /** The number will never take a text: no retry, another channel or a call. */
  'number-permanent': [21211, 21217, 21612, 30005],
  /** It is a phone to speak on: no text ever, but nothing is wrong with the number. */
  landline: [21614, 30006],
  /** The carrier or the provider knows of a STOP that we do not. */
  'opt-out': [21610],
  'number-maybe-transient': [30003],
  /** Ours to mend: the sender stops, nothing is used up. */
  config: [20003, 21212, 21408, 21602, 21603, 21604, 21606, 21608, 21701, 21702, 21703, 21704, 21705, 30002, 30024, 30032, 30034, 30035, 35111, 35114, 35115, 35117, 35118],
  content: [21617, 21619, 21620, 30004, 30007, 30019, 30039],
  'rate-or-capacity': [20429, 20503, 21611, 30001, 30017, 30022, 30500, 63017, 14107, 35125],
  /** Until midnight in America/Los_Angeles. */
  'daily-cap': [30023, 30027],
  /** May have reached the handset: never again on this channel by itself. */
  ambiguous: [30008, 30410],
  expired: [30036, 30010],
  'quiet-hours-tool': [30610, 30640],
};

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[];
const classOfCode = new Map(keysOf(CODES).flatMap((name) => CODES[name].map((code) => [code, name] as const)));

/** A code that is not listed is ambiguous. */
export const classOf = (code: number | null): ErrorClass => (code === null ? 'ambiguous' : (classOfCode.get(code) ?? 'ambiguous'));
