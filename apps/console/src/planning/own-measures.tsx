import { useNow } from '../clock/clock-provider';
import type { Measure } from './measure-answers';
import { MeasureTile } from './measure-tile';
import type { PlanningChoice } from './planning-choice';
import { measureGroups } from './shown-measures';
import { dateIn, stretchAhead, stretchOf } from './stretch';

/** The measures of the own practice, in groups that follow the questions of a manager. */
export function OwnMeasures({ choice: { period, service }, catalogue, zone }: { choice: PlanningChoice; catalogue: readonly Measure[]; zone: string }) {
  const now = useNow();
  if (!now) return null;
  const today = dateIn(now.now, zone);
  const stretches = { past: stretchOf(period, today), ahead: stretchAhead(today) };
  return (
    <section aria-labelledby="own-measures">
      <h2 id="own-measures">Your practice</h2>
      <p className="soft">The band is what chance makes of the same process. Only what lies outside of it, marked with a diamond, is a change.</p>
      {measureGroups.map(({ title, measures }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul className="cards tiles">
            {measures.map((shown) => {
              const measure = catalogue.find(({ definition }) => definition.id === shown.id);
              return measure && <MeasureTile key={shown.id} measure={measure} shown={shown} stretch={stretches[shown.stretch]} service={service} zone={zone} />;
            })}
          </ul>
        </section>
      ))}
    </section>
  );
}
