/** Simulated: third next available in working days where time that partners did not take returns to its owner so many days before (three unequal practices, 60 runs, 95 % interval 0.2 to 0.6; facts/planning.md, "Pooling"). */
const SIMULATED = [{ days: 1, wait: 1.77 }, { days: 2, wait: 2 }, { days: 5, wait: 3.19 }] as const;
const KEPT = 1.13;

/** What an early return costs the patients of all practices, as a sentence for who signs the rule: the later time goes back, the more of it finds somebody. */
export function priceOfReturn(returnsHoursBefore: number | null): string {
  if (returnsHoursBefore === null) return 'Unused time stays shared until the visit would begin: the shortest wait that was simulated, 1.13 working days to the third open start.';
  const days = returnsHoursBefore / 24;
  const known = SIMULATED.findLast((one) => one.days <= days);
  if (!known) return `Unused time returns less than a day before: a wait between ${KEPT} and ${SIMULATED[0].wait} working days to the third open start in simulations, the latter where it returns a day before.`;
  const about = known.days === days ? '' : 'more than ';
  return `Unused time returns ${count(returnsHoursBefore)} before: patients wait ${about}${known.wait.toFixed(2)} working days for the third open start in simulations, instead of ${KEPT} where it stays shared.`;
}
const count = (hours: number): string => (hours % 24 === 0 ? `${hours / 24} day${hours === 24 ? '' : 's'}` : `${hours} hours`);
