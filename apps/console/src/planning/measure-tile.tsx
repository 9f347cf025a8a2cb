import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { changesTold } from './changes-told';
import { LineChart } from './line-chart';
import { type Measure, type MeasureItem, type TakenMeasure, askMeasure, csvPath } from './measure-answers';
import { MeasureDefinition } from './measure-definition';
import { NumbersTable } from './numbers-table';
import { RowsBehind } from './rows-behind';
import type { ShownMeasure } from './shown-measures';
import { type Stretch, datesShown, daysOf, periodShown } from './stretch';
import { valueOver, valueShown } from './value-shown';

interface Tile {
  readonly measure: Measure;
  readonly shown: ShownMeasure;
  readonly stretch: Stretch;
  readonly service: string | undefined;
  readonly zone: string;
}

/** One measure: its number, how it went, whether that is a change, how it is counted and what stands behind it. */
export function MeasureTile({ measure, shown, stretch, service, zone }: Tile) {
  const { definition: { id, title }, dimensions } = measure;
  const asked = { id, from: stretch.from, to: stretch.to, by: stretch.by, service: dimensions.includes('service') ? service : undefined };
  const { answer, refusal, again } = useAnswer(`measure ${csvPath(asked)}`, (signal) => askMeasure(asked, { signal }), 300_000);
  return (
    <li aria-labelledby={`measure-${id}`}>
      <h4 id={`measure-${id}`}>{title}</h4>
      {service && asked.service === undefined && <p className="soft">All services: this is not counted by service.</p>}
      {refusal && <Trouble refusal={refusal} again={again} />}
      {!answer && !refusal && <p className="soft">Asking …</p>}
      {answer && (answer.items.length === 0 ? <NothingCounted shown={shown} stretch={stretch} /> : <Counted answer={answer} shown={shown} stretch={stretch} service={asked.service} />)}
      {answer && <MeasureDefinition {...answer} zone={zone} />}
      {answer && answer.items.length > 0 && <p><a href={csvPath(asked)} download={`${id}.csv`}>CSV<span className="visually-hidden"> of {title}</span></a></p>}
    </li>
  );
}

function Counted({ answer, shown, stretch, service }: { answer: TakenMeasure; shown: ShownMeasure; stretch: Stretch; service: string | undefined }) {
  const { definition: { title }, unit } = answer;
  const { by, names } = stretch;
  const items = shown.unjudged ? answer.items.map((item): MeasureItem => ({ ...item, limits: null, flag: null })) : answer.items;
  const newest = items.findLast(({ value }) => value !== null);
  const whole = shown.number === 'whole' || !newest;
  const value = whole ? valueOver(answer) : newest.value;
  const days = whole ? stretch : daysOf(by, newest.period);
  return (
    <>
      <p className="number"><strong>{value === null ? 'no number' : valueShown(value, unit)}</strong> <span className="soft">{whole ? datesShown(stretch) : periodShown(by, newest.period)}{!whole && newest.period === stretch.running && ', so far'}</span></p>
      {answer.kind === 'per' && by !== 'day' && <Ratio answer={answer} ratio={newest?.ratio ?? null} />}
      <LineChart title={title} by={by} names={names} items={items} unit={unit} />
      <p className={items.some(({ flag }) => flag !== null) ? 'changed' : 'soft'}>{shown.unjudged ?? changesTold(by, items, unit)}</p>
      <NumbersTable title={title} by={by} items={items} unit={unit} />
      <RowsBehind measure={answer} from={days.from} to={days.to} service={service} />
    </>
  );
}

function Ratio({ answer: { baseline, unit }, ratio }: { answer: TakenMeasure; ratio: number | null }) {
  if (!baseline) return <p className="soft">There is nothing to compare with: the practice shares nothing yet, or no working hours are known of the thirteen weeks before it began.</p>;
  return <p>{ratio === null ? 'No ratio' : `${ratio} times`} what it was before sharing <span className="soft">({valueShown(baseline.value, unit)}, {datesShown(baseline)})</span></p>;
}

function NothingCounted({ shown, stretch }: { shown: ShownMeasure; stretch: Stretch }) {
  return <p className="empty">Nothing has been counted yet in {datesShown(stretch)}: {shown.whenEmpty}{shown.stretch === 'past' && stretch.by !== 'day' && ` The running ${stretch.by} is not in it; the last 14 days are.`}</p>;
}
