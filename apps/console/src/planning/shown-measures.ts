/** A measure as the page shows it. `ahead`: of the next four weeks, whatever period is chosen. `whole`: one number of the whole stretch instead of the newest period's. */
export interface ShownMeasure {
  readonly id: string;
  readonly stretch: 'past' | 'ahead';
  readonly number: 'newest' | 'whole';
  /** Why its periods are not to be compared, where they are not. */
  readonly unjudged?: string;
  /** What there has to be before it counts anything. */
  readonly whenEmpty: string;
}
export interface MeasureGroup {
  readonly title: string;
  readonly measures: readonly ShownMeasure[];
}

const SNAPSHOT = 'a snapshot is taken every morning at 06:00, from the first morning on which providers have working hours.';
const ENDED = 'it begins with visits that are over and marked as fulfilled or missed.';
const HOURS = 'give providers working hours.';
const newest = (id: string, whenEmpty: string): ShownMeasure => ({ id, stretch: 'past', number: 'newest', whenEmpty });

export const measureGroups: readonly MeasureGroup[] = [
  { title: 'How long patients wait', measures: [newest('third-next-available', SNAPSHOT), newest('third-next-available-with-partners', SNAPSHOT), newest('new-patient-wait', SNAPSHOT), newest('lead-time', 'it begins with the first booking.')] },
  {
    title: 'What is asked for',
    measures: [
      newest('demand', 'it begins with the first booking, search or entry on the wait list.'), newest('empty-searches', 'no search came back without an opening, or nobody has searched.'),
      { id: 'waiting', stretch: 'past', number: 'whole', unjudged: 'Those who began to wait longer ago have had more time to be booked, so the periods are not compared.', whenEmpty: 'nobody who began to wait in this time still waits.' },
    ],
  },
  {
    title: 'How time is used',
    measures: [
      newest('fill', HOURS), newest('provider-utilisation', HOURS),
      { id: 'future-open', stretch: 'ahead', number: 'whole', unjudged: 'Days further ahead have had less time to be booked, so they are not compared.', whenEmpty: HOURS },
      newest('no-show', ENDED), newest('late-cancel', ENDED),
    ],
  },
  { title: 'What sharing gives', measures: [newest('sooner-with-partners', SNAPSHOT), newest('shared-used', 'it begins when an agreement opens time to partners.'), newest('scaling', 'give providers working hours, and mark visits as fulfilled.')] },
];
