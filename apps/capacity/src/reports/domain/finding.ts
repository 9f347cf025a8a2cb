import type { PracticeReport, ServiceAccess } from './access-report';
import { FEWEST_MONTHS } from './report-months';

export interface Finding {
  /** Whether anything can be said about what changed since the practice shares. */
  readonly said: 'not-sharing' | 'too-few-months' | 'no-baseline' | 'compared';
  readonly text: string;
}
type Told = Omit<PracticeReport, 'finding'>;

/** What sharing brought a practice, in plain words, or that it cannot be said. No cause is claimed: other things change too. */
export function findingOf(told: Told): Finding {
  const said = whatCanBeSaid(told);
  return { said, text: [given(told), choice(told), changed(told, said)].filter((text) => text !== '').join(' ') };
}

function whatCanBeSaid({ since, monthsOfSharing, access }: Told): Finding['said'] {
  if (since === null) return 'not-sharing';
  if (monthsOfSharing < FEWEST_MONTHS) return 'too-few-months';
  return access.some(({ thirdNextAvailable }) => thirdNextAvailable.change !== null) ? 'compared' : 'no-baseline';
}

function given({ name, contribution: { openedHours, usedShare } }: Told): string {
  if (!openedHours) return `${name} opened no time to partners.`;
  return `${name} opened ${openedHours} hours to partners; ${usedShare === null ? 'how much of it was used is not shown, because too few people stand behind it' : `${percent(usedShare)} of it was used`}.`;
}

function choice({ since, access }: Told): string {
  if (since === null) return '';
  const known = access.filter(({ thirdNextAvailable }) => thirdNextAvailable.sooner !== null);
  if (known.length === 0) return "What partners' time added to the choice of its patients is not known.";
  const sooner = known.filter(({ thirdNextAvailable }) => thirdNextAvailable.sooner! > 0).sort((a, b) => b.thirdNextAvailable.sooner! - a.thirdNextAvailable.sooner!);
  if (sooner.length === 0) return "With partners' time the third next available was no sooner than in its own time.";
  const [{ service, thirdNextAvailable }] = [sooner[0]!];
  const where = known.length === 1 ? service : `${sooner.length} of ${known.length} services, most in ${service}`;
  return `With partners' time the third next available came sooner in ${where}: by ${days(thirdNextAvailable.sooner!)} on average.`;
}

function changed({ name, since, monthsOfSharing, access, scaling }: Told, said: Finding['said']): string {
  switch (said) {
    case 'not-sharing':
      return `It has not shared under an agreement: there is nothing that sharing could have changed.`;
    case 'too-few-months':
      return `What sharing changed cannot be said yet: ${name} began to share in ${since}, and the period has ${monthsOfSharing === 0 ? 'no whole month' : monthsOfSharing === 1 ? 'one whole month' : `${monthsOfSharing} whole months`} of that; ${FEWEST_MONTHS} are needed.`;
    case 'no-baseline':
      return `What sharing changed cannot be said: too little is known of the ${FEWEST_MONTHS} months before ${since}, when ${name} began to share.`;
    case 'compared':
      return `${compared(access)}${growth(scaling.ratio)} Whether sharing is the reason these numbers cannot tell: other things changed as well.`;
  }
}

function compared(access: readonly ServiceAccess[]): string {
  const of = (wanted: string) => access.filter(({ thirdNextAvailable: { change } }) => change === wanted).map(({ service, thirdNextAvailable: { before, now } }) => (wanted === 'unclear' ? service : `${service} (${days(before!)} before, ${days(now!)} now)`));
  const [shorter, longer, unclear] = [of('shorter'), of('longer'), of('unclear')];
  return [
    ...(shorter.length > 0 ? [`Since it shares, the own third next available is shorter in ${listed(shorter)}.`] : []),
    ...(longer.length > 0 ? [`Since it shares, the own third next available is longer in ${listed(longer)}.`] : []),
    ...(unclear.length > 0 ? [`No clear change in ${listed(unclear)}: the months overlap with those before.`] : []),
  ].join(' ');
}

function growth(ratio: number | null): string {
  if (ratio === null) return '';
  return ` Visits per provider-hour were ${ratio.toFixed(2)} times those of the thirteen weeks before.`;
}

const days = (value: number): string => `${value} ${value === 1 ? 'day' : 'days'}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const listed = (items: readonly string[]): string => (items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);
