/**
 * Who reads the name of a service, a visit type or a site. A name alone may tell why somebody comes (42 CFR part 2), so one that is marked sensitive is said only to whom it has to be said.
 * ADR 0015 has the table of all views.
 */
const readers = {
  /** The practice whose it is. */
  'own-staff': 'named',
  /** The patient on the own page, once the birth date was given. */
  'behind-birth-date': 'named',
  /** Staff of any other practice, services and operators: searches, directories, FHIR, emergency access. What they choose by is the code of the service. */
  elsewhere: 'neutral',
  /** Whoever holds a link, looks over a shoulder or shares a calendar: texts, mails with subject and sender, calendar entries, titles of pages, a page before the birth date. */
  'over-a-shoulder': 'neutral',
  /** Counts of other practices. */
  statistics: 'neutral',
  /** Everybody: public openings and their pages. */
  public: 'absent',
} as const satisfies Record<string, 'named' | 'neutral' | 'absent'>;
export type NameReader = keyof typeof readers;

export interface Nameable {
  readonly name: string;
  readonly sensitive: boolean;
}

/** What a reader is told in place of a name: the name, something neutral, or null where not even that it exists. */
export function nameFor(reader: 'public', named: Nameable, neutral: string): string | null;
export function nameFor(reader: Exclude<NameReader, 'public'>, named: Nameable, neutral: string): string;
export function nameFor(reader: NameReader, { name, sensitive }: Nameable, neutral: string): string | null {
  if (!sensitive || readers[reader] === 'named') return name;
  return readers[reader] === 'absent' ? null : neutral;
}

/** Staff read what is of their own practice by its name; `reader` null: a service or an operator, who belongs to none. */
export const staffReading = (owner: string, reader: string | null): 'own-staff' | 'elsewhere' => (owner === reader ? 'own-staff' : 'elsewhere');

/** What sensitive services and visit types are called instead. */
export const NEUTRAL_VISIT = { en: 'Appointment', es: 'Cita' } as const;
/** What a sensitive service's code is in counts of others. */
export const NEUTRAL_CODE = 'other';
/** What a sensitive site is called instead: its city, where that is known. */
export const neutralSite = (city: string): string => (city === '' ? 'Office' : city);
