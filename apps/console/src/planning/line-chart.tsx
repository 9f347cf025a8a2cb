import { BOX, chartShape } from './chart-shape';
import type { MeasureItem } from './measure-answers';
import { type Grain, periodShort, periodShown } from './stretch';
import { bareValue, valueShown } from './value-shown';

const SIZE = 5;

/** A small line chart: control limits as a band, what lies outside of them as a diamond. For those who do not see it, its label says the same. */
export function LineChart({ title, by, names, items, unit, label }: { title: string; by: Grain; names: readonly string[]; items: readonly MeasureItem[]; unit: string; label?: string }) {
  const { most, least, lines, bands, centres, points } = chartShape(names, items);
  const [first, last] = [names[0], names.at(-1)];
  return (
    <svg className="chart" viewBox={`0 0 ${BOX.width} ${BOX.height}`} role="img" aria-label={label ?? `${title}: ${inWords(by, names, items, unit)}`}>
      {bands.map((band) => <polygon key={band} className="band" points={band} />)}
      {centres.map((centre) => <polyline key={centre} className="centre" points={centre} />)}
      <line className="base" x1={BOX.left} x2={BOX.right} y1={BOX.bottom} y2={BOX.bottom} />
      {lines.map((line) => <polyline key={line} className="line" points={line} />)}
      {points.map(({ x, y, item, value }) => (
        <g key={item.period}>
          <title>{`${periodShown(by, item.period)}: ${valueShown(value, unit)}`}</title>
          {item.flag ? <polygon className="flagged" points={`${x},${y - SIZE} ${x + SIZE},${y} ${x},${y + SIZE} ${x - SIZE},${y}`} /> : <circle className="point" cx={x} cy={y} r="2.5" />}
        </g>
      ))}
      <text x={BOX.left} y="11">{bareValue(most, unit)}</text>
      {least < 0 && <text x={BOX.right} y={BOX.bottom - 3} textAnchor="end">{bareValue(least, unit)}</text>}
      {first && <text x={BOX.left} y="115">{periodShort(by, first)}</text>}
      {last && <text x={BOX.right} y="115" textAnchor="end">{periodShort(by, last)}</text>}
    </svg>
  );
}

function inWords(by: Grain, names: readonly string[], items: readonly MeasureItem[], unit: string): string {
  const known = items.flatMap(({ period, value }) => (value === null ? [] : [{ period, value }]));
  const sorted = known.toSorted((one, other) => one.value - other.value);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (!lowest || !highest) return 'no numbers';
  const flagged = items.filter(({ flag }) => flag !== null).length;
  const said = ({ period, value }: { period: string; value: number }): string => `${valueShown(value, unit)} (${periodShown(by, period)})`;
  return `numbers for ${known.length} of ${names.length} ${by}s; lowest ${said(lowest)}, highest ${said(highest)}; ${flagged === 0 ? 'none' : flagged} outside of control limits. All numbers are in the table below.`;
}
