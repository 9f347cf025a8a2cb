import { type Topic, topics } from '@slotmesh/contracts';
import { type CatalogueMeasure, type MeasureId, measureCalled } from '../../measures/domain/catalogue';
import { type MeasureDefinition, SMALLEST_SHOWN } from '../../measures/domain/measure';
import { sharedVisits } from '../../measures/domain/shared-visits';
import { FEWEST_MONTHS } from './report-months';

/** What a report is made from, as across practices: by service and whole months. */
export const reportMeasures = ['shared-offered', 'shared-used', 'shared-returned', 'third-next-available', 'third-next-available-with-partners', 'sooner-with-partners', 'lead-time', 'scaling'] as const satisfies readonly MeasureId[];
export type ReportMeasure = (typeof reportMeasures)[number];

const catalogue: readonly CatalogueMeasure[] = reportMeasures.map(measureCalled);
export const definitionsBehind: readonly MeasureDefinition[] = [...catalogue.map(({ definition }) => definition), sharedVisits.definition];
export const reportSources: readonly Topic[] = [...new Set([...catalogue.flatMap(({ sources }) => sources), ...sharedVisits.sources, topics.agreement])];

/** How a report makes numbers of a period from the numbers of its measures; a change of any word is a new version (P18). */
export const accessReport: MeasureDefinition = {
  id: 'access-report',
  version: 2,
  title: 'What each practice gave to sharing, how it was used, and what access it gained',
  numerator: `Of the own practice: what its measures count, over all months of the period. Of partners: sums of their months for time, and the plain mean of their months for anything else, because only values are known of them; their used hours are the shares of their months times what they opened, so they are about right.`,
  denominator: `before: the ${FEWEST_MONTHS} whole months before the one in which the practice's first agreement came into force; scaling of the own practice: the thirteen weeks before it. now: months of the period after that one, and before the one in which its last agreement ended. own and withPartners: months in which both are known. sooner: months in which it is known. `
    + `change: shorter where every month now lies below every month before, longer where above, unclear in between; none with fewer than ${FEWEST_MONTHS} months on either side.`,
  exclusions: [
    'months that have not been over for three days', 'money of any kind', `visits at partners under ${SMALLEST_SHOWN} by host, booking practice and service`,
    "own is the mean over the practice's providers, so own less withPartners is more than partners bring; sooner compares the same choice over all providers with and without partners' time", 'whether patients went there: visits at partners stand in their own lines', 'scaling of partners has no ratio: their values are too coarse for one',
  ],
  clock: "Calendar months by each measure's own clock.",
  hiding: `Of other practices nothing that their measures do not show: a sum over months is empty where one of its months is hidden, a mean is that of the months that are shown. Visits: a month of two other practices counts only with ${SMALLEST_SHOWN} visits or more, and never where it would tell of fewer on single days, and is told to ten; a line under ${SMALLEST_SHOWN} is left out, the own ones too, because a report is handed on.`,
};
