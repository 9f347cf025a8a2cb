import type { MeasureItem } from './measure-answers';
import { type Grain, periodShown } from './stretch';
import { bareValue } from './value-shown';

/** What a chart shows, as a table. */
export function NumbersTable({ title, by, items, unit }: { title: string; by: Grain; items: readonly MeasureItem[]; unit: string }) {
  const judged = items.some(({ limits }) => limits !== null);
  return (
    <details>
      <summary>All numbers<span className="visually-hidden"> of {title}</span></summary>
      <div className="scroll" role="region" aria-label={`All numbers of ${title}`} tabIndex={0}>
        <table>
          <thead><tr><th scope="col">{by === 'day' ? 'Day' : by === 'week' ? 'Week' : 'Month'}</th><th scope="col">{unit}</th>{judged && <><th scope="col">Limits</th><th scope="col">Change</th></>}</tr></thead>
          <tbody>
            {items.map(({ period, value, limits, flag }) => (
              <tr key={period}>
                <th scope="row">{periodShown(by, period)}</th>
                <td>{value === null ? 'no number' : bareValue(value, unit)}</td>
                {judged && <><td>{limits ? `${bareValue(limits.lower, unit)} to ${bareValue(limits.upper, unit)}` : 'none'}</td><td>{flag ? <span className="tag moved">{flag} limits</span> : 'no'}</td></>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
