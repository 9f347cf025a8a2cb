import { type LocalDate, parseLocalDate } from '@slotmesh/kernel';

export interface BirthDateFields {
  readonly month: string;
  readonly day: string;
  readonly year: string;
}
export type BirthDateField = keyof BirthDateFields;

/** The date that a person wrote into three fields, or the fields in which there is no such thing. */
export function birthDateOf(fields: BirthDateFields): LocalDate | readonly BirthDateField[] {
  const wrong = (['month', 'day', 'year'] as const).filter((field) => !within(fields[field], LIMITS[field]));
  if (wrong.length > 0) return wrong;
  try {
    return parseLocalDate(`${fields.year.trim()}-${fields.month.trim().padStart(2, '0')}-${fields.day.trim().padStart(2, '0')}`);
  } catch {
    return ['day'];
  }
}

const LIMITS: Readonly<Record<BirthDateField, readonly [number, number]>> = { month: [1, 12], day: [1, 31], year: [1850, 2200] };
const within = (text: string, [least, most]: readonly [number, number]): boolean => /^\s*\d{1,4}\s*$/.test(text) && Number(text) >= least && Number(text) <= most;
