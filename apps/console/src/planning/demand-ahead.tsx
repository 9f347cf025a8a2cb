import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { LineChart } from './line-chart';
import type { MeasureItem } from './measure-answers';
import { type MadeForecast, askForecast } from './planner-answers';
import { datesShown } from './stretch';
import { bareValue, valueShown } from './value-shown';

const UNIT = 'requests';

/** What the next four weeks will ask of the practice for the chosen service. */
export function DemandAhead({ service }: { service: string | undefined }) {
  const { answer, refusal, again } = useAnswer(service === undefined ? null : `forecast ${service}`, (signal) => askForecast(service ?? '', { signal }), 3_600_000);
  return (
    <section aria-labelledby="demand-ahead">
      <h2 id="demand-ahead">What will be asked for</h2>
      {service === undefined && <p className="empty">Choose a service above to see how many requests the next four weeks will bring.</p>}
      {refusal && <Trouble refusal={refusal} again={again} />}
      {service !== undefined && !answer && !refusal && <p className="soft">Forecasting, and trying it on earlier dates …</p>}
      {answer?.refused && <p className="empty">No forecast: {answer.refused.sentence}</p>}
      {answer?.forecast && <Forecasted forecast={answer.forecast} />}
    </section>
  );
}

function Forecasted({ forecast: { method, points, errors: { earlierDates, chosen } } }: { forecast: MadeForecast }) {
  const open = points.filter(({ closed }) => !closed);
  const items = open.map(({ date, value, low80, high80 }): MeasureItem => ({ period: date, numerator: value, denominator: null, value, limits: { centre: value, lower: low80, upper: high80 }, flag: null }));
  const names = open.map(({ date }) => date);
  const whole = open.reduce((sum, { value }) => sum + value, 0);
  const dates = datesShown({ from: points[0]?.date ?? '', to: points.at(-1)?.date ?? '' });
  return (
    <ul className="cards tiles">
      <li>
        <p className="number"><strong>{valueShown(Math.round(whole), UNIT)}</strong> <span className="soft">{dates}</span></p>
        <LineChart title="Requests ahead" by="day" names={names} items={items} unit={UNIT} label={`Requests ahead: ${valueShown(Math.round(whole), UNIT)} on ${names.length} open days of ${dates}. All numbers are in the table below.`} />
        <p>In eight of ten cases a day lies within the band. Days on which you are closed are left out.</p>
        <p className="soft">Method: {method}. On {earlierDates} earlier dates it was wrong by {chosen.wape === null ? 'an unknown share' : bareValue(chosen.wape, 'share')} on average{chosen.coverage80 !== null && `, and ${bareValue(chosen.coverage80, 'share')} of the days lay within the band`}.</p>
        <details>
          <summary>Numbers</summary>
          <div className="scroll"><table>
            <thead><tr><th scope="col">Day</th><th scope="col">Requests</th><th scope="col">8 of 10 between</th></tr></thead>
            <tbody>{open.map(({ date, value, low80, high80 }) => <tr key={date}><th scope="row">{date}</th><td>{bareValue(value, UNIT)}</td><td>{bareValue(low80, UNIT)} and {bareValue(high80, UNIT)}</td></tr>)}</tbody>
          </table></div>
        </details>
      </li>
    </ul>
  );
}
