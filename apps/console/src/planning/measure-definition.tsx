import { siteDay, siteTime } from '../openings/site-time';
import type { TakenMeasure } from './measure-answers';

/** The written definition of a number, as the service that counts it gives it, when it was taken, and what it may lack (P18). */
export function MeasureDefinition({ definition, asOf, missing, zone }: Pick<TakenMeasure, 'definition' | 'asOf' | 'missing'> & { zone: string }) {
  const { title, version, numerator, denominator, exclusions, clock, hiding } = definition;
  return (
    <details>
      <summary>How is this counted?<span className="visually-hidden"> {title}</span></summary>
      <dl>
        <dt>Counted</dt><dd>{numerator}</dd>
        <dt>Of</dt><dd>{denominator}</dd>
        <dt>Left out</dt><dd>{exclusions.length === 0 ? 'nothing' : <ul>{exclusions.map((exclusion) => <li key={exclusion}>{exclusion}</li>)}</ul>}</dd>
        <dt>Which day</dt><dd>{clock}</dd>
        <dt>Other practices</dt><dd>{hiding}</dd>
        <dt>As of</dt><dd><time dateTime={asOf}>{siteDay(asOf, zone)}, {siteTime(asOf, zone)}</time></dd>
        <dt>May lack</dt><dd>{missing.length === 0 ? 'nothing that is known of' : <ul>{missing.map(({ source, why }) => <li key={`${source}/${why}`}><code>{source}</code>: {why}</li>)}</ul>}</dd>
        <dt>Definition</dt><dd><code>{definition.id}</code>, version {version}</dd>
      </dl>
    </details>
  );
}
