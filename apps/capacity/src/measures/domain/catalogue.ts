import { type Topic, topics } from '@slotmesh/contracts';
import { z } from 'zod';
import { type Measure, SMALLEST_SHOWN } from './measure';

/** How the value is made from what is counted: a sum; a share of something (0 to 1); a mean; or so many per one. */
export type MeasureKind = 'sum' | 'share' | 'mean' | 'per';
export const dimension = z.enum(['site', 'provider', 'service', 'visitType']);
export type Dimension = z.output<typeof dimension>;
/** Rows that can be opened behind a number. */
export type RowKind = 'visit' | 'supply' | 'access' | 'search' | 'waiting' | 'referral' | 'sharedDay';

/** A measure of one shape: cells of days, grouped as the reader asks. Its numbers come from the view `measure_cell`, under its id. */
export interface CatalogueMeasure extends Measure {
  readonly kind: MeasureKind;
  readonly unit: string;
  readonly dimensions: readonly Dimension[];
  /** Its denominator is scheduled time, which a site and a service have parts of that are never added. */
  readonly ofSupply: boolean;
  readonly rows: RowKind;
}

const HIDING = `Of other practices: of some measures alone, only by service and calendar months that have been over for three days, and only the value, shares to a hundredth and counts of people to ten; where people stand behind it, fewer than ${SMALLEST_SHOWN} patients of the practice itself among them or among the rest: nothing. There are no totals over practices.`;
const UNMARKED = 'visits past their end without an outcome (unmarked)';
const UNKNOWN_HOURS = 'days before the first of which the hours of the practice are known';
const ERRORS = 'visits entered in error';
const ONE_REQUEST = 'visits from which another goes on: the two are one request, with the day of the first';
const REQUEST_DAY = "The date at the host's site when the visit was booked, or, where it goes on from another, when the first was.";
const VISIT_DAY = "The date at the host's site when the visit starts.";
const ALL: readonly Dimension[] = dimension.options;

interface Written {
  /** 1 where left out. */
  readonly version?: number;
  readonly title: string;
  readonly kind: MeasureKind;
  readonly unit: string;
  readonly numerator: string;
  readonly denominator?: string;
  readonly exclusions?: readonly string[];
  readonly clock: string;
  readonly sources: readonly Topic[];
  readonly dimensions?: readonly Dimension[];
  readonly ofSupply?: boolean;
  readonly rows: RowKind;
}
const measureOf = (id: string, { version = 1, title, numerator, denominator = 'none: a count', exclusions = [], clock, sources, dimensions = ALL, ofSupply = false, kind, unit, rows }: Written): CatalogueMeasure =>
  ({ definition: { id, version, title, numerator, denominator, exclusions, clock, hiding: HIDING }, sources: [...sources, topics.practice], kind, unit, dimensions, ofSupply, rows });

const SUPPLY = [topics.appointment, topics.supply];
const supplied = { dimensions: ['site', 'provider', 'service'] as const, ofSupply: true, rows: 'supply' as const };
const SCHEDULED = "supply: the provider's scheduled minutes of the date before bookings and holds, less closures, absences and blocks. By service: the minutes that the service could have; services overlap and are never added.";
const THIRD = 'Taken once a day at 06:00 of the site; days without a snapshot (the service did not run) are in no mean.';
const waits = (over: Pick<Written, 'title' | 'numerator'> & Partial<Written>): Written => ({
  kind: 'mean', unit: 'days', denominator: 'snapshots: one for each provider, visit type and date.',
  exclusions: ['where no third opening lies within the days that can be booked, the length of that time stands for the wait, so the true mean is longer (see beyond-horizon)', 'times that are held, booked, or too near for the notice that the visit type wants'],
  clock: THIRD, sources: [topics.access], rows: 'access', ...over,
});

/** Every measure that has this one shape. A change of any word is a new version; a change of what is counted is a new id in the view as well. */
const written = {
  activity: { title: 'Visits that took place', kind: 'sum', unit: 'visits', numerator: 'Visits that were fulfilled.', exclusions: [UNMARKED, ERRORS], clock: VISIT_DAY, sources: [topics.appointment], rows: 'visit' },
  'no-show': { title: 'Patients who did not come', kind: 'share', unit: 'share', numerator: 'Visits marked as no-show.', denominator: 'No-shows and fulfilled visits.', exclusions: ['cancelled visits, late ones too (see late-cancel)', UNMARKED, ERRORS], clock: VISIT_DAY, sources: [topics.appointment], rows: 'visit' },
  'late-cancel': {
    title: 'Visits that patients called off late', kind: 'share', unit: 'share', numerator: 'Visits called off for the patient after the last moment that the host leaves free, or where it names none, less than 24 hours before the start of a visit that was booked earlier than that. The patient\'s own decision: FHIR pat, pat-crs, pat-cpp, pat-fb, pat-lt, pat-mv, pat-ucp.',
    denominator: 'Late cancelled visits, no-shows and fulfilled visits.', exclusions: ['visits that the practice called off', 'visits called off in time', UNMARKED, ERRORS], clock: VISIT_DAY, sources: [topics.appointment], rows: 'visit',
  },
  bumped: { version: 2, title: 'Visits that the practice called off', kind: 'share', unit: 'share', numerator: 'Visits that were called off for a reason of the practice (FHIR prov, prov-.., maint).', denominator: 'All visits that took time on the day, cancelled ones included.', exclusions: [ERRORS], clock: VISIT_DAY, sources: [topics.appointment], rows: 'visit' },
  'lead-time': { version: 2, title: 'Days from the request to the visit', kind: 'mean', unit: 'days', numerator: 'Calendar days from the day of the request to the day of the visit as it stands now.', denominator: 'Visits booked or asked for, cancelled ones included.', exclusions: [ONE_REQUEST, ERRORS], clock: REQUEST_DAY, sources: [topics.appointment], rows: 'visit' },
  'booked-within-week': { version: 2, title: 'Visits within a week of the request', kind: 'share', unit: 'share', numerator: 'Visits on the same day or within seven calendar days of the request.', denominator: 'Visits booked or asked for, cancelled ones included.', exclusions: [ONE_REQUEST, ERRORS], clock: REQUEST_DAY, sources: [topics.appointment], rows: 'visit' },
  demand: {
    version: 2, title: 'Requests for appointments', kind: 'sum', unit: 'requests', numerator: 'Visits that the practice booked or asked for, at whomever; patients who began to wait and have not been booked from the wait list; searches that found nothing.',
    exclusions: [ONE_REQUEST, 'who gave up on the phone', 'a search that found nothing and was repeated counts again', 'a patient who waits and was booked: the booking counts, on its own day'], clock: "The date of the booking at the host's site, or, where the visit goes on from another, of the first booking; of the entry and of the search in the practice's zone.",
    sources: [topics.appointment, topics.waitlistEntry, topics.search], dimensions: ['service'], rows: 'visit',
  },
  'empty-searches': { title: 'Searches that found nothing', kind: 'sum', unit: 'searches', numerator: 'Searches of the desks of a practice that found no opening within what they asked for; further pages do not count.', clock: "The date in the practice's zone.", sources: [topics.search], dimensions: ['service'], rows: 'search' },
  supply: { title: 'Scheduled time', kind: 'sum', unit: 'minutes', numerator: SCHEDULED, clock: "The date at the provider's site.", sources: [topics.supply], ...supplied },
  fill: { title: 'Booked time of scheduled time', kind: 'share', unit: 'share', numerator: 'Minutes of visits booked, under way, fulfilled or missed.', denominator: SCHEDULED, exclusions: ['cancelled visits', ERRORS, UNKNOWN_HOURS], clock: VISIT_DAY, sources: SUPPLY, ...supplied },
  'schedule-utilisation': { title: 'Use of scheduled time', kind: 'share', unit: 'share', numerator: 'Booked minutes, and minutes of visits called off late whose time no other visit of the provider took.', denominator: SCHEDULED, exclusions: ['visits called off in time', ERRORS, UNKNOWN_HOURS], clock: VISIT_DAY, sources: SUPPLY, ...supplied },
  'provider-utilisation': { title: 'Completed time of scheduled time', kind: 'share', unit: 'share', numerator: 'Minutes of fulfilled visits, as they were scheduled.', denominator: SCHEDULED, exclusions: [UNMARKED, ERRORS, UNKNOWN_HOURS], clock: VISIT_DAY, sources: SUPPLY, ...supplied },
  'future-open': { title: 'Open time ahead', kind: 'share', unit: 'share', numerator: 'Scheduled minutes that nobody has booked.', denominator: SCHEDULED, exclusions: ['held time counts as open', 'of days that are over, what visits took that were called off'], clock: VISIT_DAY, sources: SUPPLY, ...supplied },
  'booked-ahead': { title: 'Visits that are booked and not over', kind: 'sum', unit: 'visits', numerator: 'Visits booked, arrived or checked in; on days that are over these are unmarked.', exclusions: ['visits that are wanted later on purpose cannot be told from those that wait'], clock: VISIT_DAY, sources: [topics.appointment], rows: 'visit' },
  waiting: { title: 'Patients on the wait list', kind: 'sum', unit: 'patients', numerator: 'Entries of the wait list that have not ended.', clock: "The date in the practice's zone when the wait began.", sources: [topics.waitlistEntry], dimensions: ['service'], rows: 'waiting' },
  'third-next-available': waits({ title: 'Third next available, calendar days', numerator: 'Calendar days from the date to the third open start, weekends and closed days included, in own time.' }),
  'third-next-available-working-days': waits({ title: 'Third next available, working days', numerator: 'Days on which the site is open from the date to the third open start, in own time.', exclusions: ['snapshots without a third opening within the days that can be booked', 'times that are held or booked'] }),
  'new-patient-wait': waits({ title: 'Third next available for new patients', numerator: 'As third-next-available, of visit types that new patients may have.' }),
  'third-next-available-with-partners': waits({ title: 'Third next available, with what partners share', numerator: "Calendar days from the date to the third open start that the practice's desks could book, in own and partners' time.", clock: 'Taken once a day at 06:00 of the practice.', dimensions: ['service'] }),
  'beyond-horizon': waits({ title: 'No third opening within what can be booked', kind: 'share', unit: 'share', numerator: 'Snapshots without a third open start within the days that can be booked.', exclusions: [] }),
  rebooked: { title: 'Cancelled visits that were booked again', kind: 'share', unit: 'share', numerator: 'Cancelled visits whose patient has another visit for the same service at the same practice, booked within 30 days of the cancellation.', denominator: 'Cancelled visits that had taken time.', exclusions: ['requests that were never booked', 'visits that were read before patients were told apart'], clock: VISIT_DAY, sources: [topics.appointment], rows: 'visit' },
  'referrals-scheduled': { title: 'Referrals with a visit', kind: 'share', unit: 'share', numerator: 'Referrals for which a visit was ever booked.', denominator: 'Referrals that the practice sent.', clock: "The date in the sender's zone when it was sent.", sources: [topics.referral], dimensions: ['service'], rows: 'referral' },
  'referrals-seen': { title: 'Referrals whose patient was seen', kind: 'share', unit: 'share', numerator: 'Referrals whose visit took place.', denominator: 'Referrals that the practice sent.', clock: "The date in the sender's zone when it was sent.", sources: [topics.referral], dimensions: ['service'], rows: 'referral' },
  'referrals-answered': { title: 'Referrals with a note returned', kind: 'share', unit: 'share', numerator: 'Referrals to which a note came back.', denominator: 'Referrals that the practice sent.', clock: "The date in the sender's zone when it was sent.", sources: [topics.referral], dimensions: ['service'], rows: 'referral' },
  'shared-offered': { title: 'Time opened to partners', kind: 'sum', unit: 'minutes', numerator: 'Minutes of visits that stood open to partners, each once, as the ledger counts them.', clock: "The date at the host's site.", sources: [topics.sharedTime], dimensions: [], rows: 'sharedDay' },
  'shared-used': { title: 'Time that partners used', kind: 'share', unit: 'share', numerator: 'Minutes of visits of partners, booked, fulfilled or missed.', denominator: 'Minutes that stood open to partners.', clock: "The date at the host's site.", sources: [topics.sharedTime, topics.appointment], dimensions: [], rows: 'sharedDay' },
  'shared-returned': { title: 'Shared time that went back', kind: 'share', unit: 'share', numerator: 'Minutes that returned to their owner unused, were taken back by own visits, or withdrawn.', denominator: 'Minutes that stood open to partners.', clock: "The date at the host's site.", sources: [topics.sharedTime], dimensions: [], rows: 'sharedDay' },
  scaling: {
    title: 'Visits per available provider-hour', kind: 'per', unit: 'visits per hour', numerator: 'Fulfilled visits.', denominator: 'Scheduled hours of providers (supply). Added hours raise both, so growth does not look like scaling.',
    exclusions: ['the baseline is the thirteen weeks before the first agreement of the practice came into force; where the hours of all of them are not known there is none', UNKNOWN_HOURS], clock: VISIT_DAY, sources: [...SUPPLY, topics.agreement], dimensions: ['provider'], rows: 'supply',
  },
} satisfies Record<string, Written>;
export const measureId = z.enum(namesOf(written));
export type MeasureId = z.output<typeof measureId>;
const byId: ReadonlyMap<MeasureId, CatalogueMeasure> = new Map(measureId.options.map((id) => [id, measureOf(id, written[id])]));
export const catalogue: readonly CatalogueMeasure[] = [...byId.values()];

export function measureCalled(id: MeasureId): CatalogueMeasure {
  const measure = byId.get(id);
  if (!measure) throw new Error(`no measure ${id}`);
  return measure;
}

function namesOf<Name extends string>(of: Readonly<Record<Name, Written>>): Name[] {
  const isName = (text: string): text is Name => text in of;
  return Object.keys(of).filter(isName);
}

/** To four decimals; null where nothing is divided by. */
export function valueOf(kind: MeasureKind, numerator: number, denominator: number | null): number | null {
  if (kind === 'sum') return numerator;
  return denominator ? Math.round((numerator / denominator) * 10_000) / 10_000 : null;
}
