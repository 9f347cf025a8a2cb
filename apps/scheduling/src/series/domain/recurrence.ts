import { DomainError, type Instant, type LocalDate, type Zone, addDays, instantOf, localDateOf, localTimeOf, parseInstant, weekdayOf } from '@slotmesh/kernel';
import { RRule } from 'rrule';

export const MOST_VISITS = 52;
const MOST_DAYS = 2 * 366;
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY'];
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
/** What a rule may say, and how; RFC 5545 section 3.3.10 as far as a desk needs it. Hours and zones are the first visit's. */
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^[A-Z]+$/, INTERVAL: /^[1-9]\d?$/, COUNT: /^[1-9]\d{0,2}$/, UNTIL: /^\d{8}(T\d{6}Z)?$/, BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*$/, BYMONTHDAY: /^(-?[1-9]|[12]\d|3[01])(,(-?[1-9]|[12]\d|3[01]))*$/, BYSETPOS: /^(-1|[1-5])$/, WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

export class RuleRefused extends DomainError {
  constructor(why: string) {
    super('unprocessable', 'recurrence-rule-refused', `${why} Write a rule such as FREQ=WEEKLY;INTERVAL=2;COUNT=6.`);
  }
}

/**
 * The starts of a series: each at the first one's wall time on the dates of an RFC 5545 rule (P6), the first included. Throws RuleRefused where the rule has no end, gives more than 52
 * visits or goes on for more than two years, or does not fall on the first date.
 */
export function startsOf(rule: string, first: Instant, zone: Zone): { readonly date: LocalDate; readonly start: Instant }[] {
  const parts = partsOf(rule);
  const [date, time] = [localDateOf(first, zone), localTimeOf(first, zone)];
  requireMeets(parts, date);
  const until = parts.get('UNTIL');
  const end = until === undefined ? null : endOf(until, zone);
  const last = addDays(date, MOST_DAYS);
  const text = [...parts].filter(([name]) => name !== 'UNTIL').map(([name, value]) => `${name}=${value}`).join(';');
  // Why in floating UTC and by dates only: rrule.js bends a zone's wall time around changes of the clock, and without a last date looks through 8,000 years.
  const found = new RRule({ ...RRule.parseString(text), dtstart: floating(date), until: floating(end !== null && end.date < last ? end.date : last) }).all((_, i) => i <= MOST_VISITS).map((at) => at.toISOString().slice(0, 10) as LocalDate);
  const starts = found.map((day) => ({ date: day, start: day === date ? first : instantOf(day, time, zone) })).filter(({ start }) => end?.at == null || start <= end.at);
  if (starts[0]?.date !== date) throw new RuleRefused('The rule does not fall on the date of the first visit.');
  if (starts.length > MOST_VISITS) throw new RuleRefused(`A series has ${MOST_VISITS} visits at most.`);
  const count = parts.get('COUNT');
  if ((count !== undefined && starts.length < Number(count)) || (end !== null && end.date > last)) throw new RuleRefused('A series ends within two years.');
  return starts;
}

function partsOf(rule: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of rule.trim().toUpperCase().replace(/^RRULE:/, '').split(';')) {
    const [name = '', value = ''] = part.split('=');
    if (!PARTS[name]?.test(value) || parts.has(name)) throw new RuleRefused(`The rule's part "${part.slice(0, 40)}" is not understood.`);
    parts.set(name, value);
  }
  if (!FREQUENCIES.includes(parts.get('FREQ') ?? '')) throw new RuleRefused('FREQ must be DAILY, WEEKLY or MONTHLY.');
  if (parts.has('COUNT') === parts.has('UNTIL')) throw new RuleRefused('A series needs an end: give either COUNT or UNTIL.');
  if (Number(parts.get('COUNT') ?? 1) > MOST_VISITS) throw new RuleRefused(`A series has ${MOST_VISITS} visits at most.`);
  return parts;
}

/** Why before rrule.js is asked: where no date ever fits, it looks through all years until 9999, and nobody else is answered meanwhile. */
function requireMeets(parts: ReadonlyMap<string, string>, date: LocalDate): void {
  const [days, monthDays, position] = [parts.get('BYDAY')?.split(','), parts.get('BYMONTHDAY')?.split(','), parts.get('BYSETPOS')];
  const ordinal = days?.some((day) => /\d/.test(day)) ?? false;
  if (parts.get('FREQ') !== 'MONTHLY' && (monthDays || position || ordinal)) throw new RuleRefused('Only a monthly rule counts days of the month or says which of several weekdays.');
  if ((monthDays && days) || (position && (!days || ordinal))) throw new RuleRefused('A monthly rule names either days of the month or weekdays, and says once which of them.');
  if (days?.every((day) => day.slice(-2) !== WEEKDAYS[weekdayOf(date) - 1]) || monthDays?.every((day) => Number(day) > 0 && Number(day) !== Number(date.slice(8)))) throw new RuleRefused('The rule does not fall on the date of the first visit.');
}

/** UNTIL is inclusive: a date of the site, or an instant. */
function endOf(until: string, zone: Zone): { readonly date: LocalDate; readonly at: Instant | null } {
  const [, year = '', month = '', day = '', hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(until) ?? [];
  try {
    const at = parseInstant(`${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`);
    return hour === undefined ? { date: `${year}-${month}-${day}` as LocalDate, at: null } : { date: localDateOf(at, zone), at };
  } catch {
    throw new RuleRefused('UNTIL must be a date such as 20270331.');
  }
}

const floating = (date: LocalDate): Date => new Date(`${date}T00:00:00Z`);

