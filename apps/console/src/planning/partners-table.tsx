import type { ComparedMeasure } from './measure-answers';
import { monthShown } from './stretch';
import { bareValue } from './value-shown';

interface Table {
  readonly answer: ComparedMeasure;
  /** Whose line it is, where answers are of several. */
  readonly partnership: string | undefined;
  readonly service: string | undefined;
  readonly months: readonly string[];
  readonly caption: string;
  readonly practiceName: (practice: string) => string;
}

/** Practices by month, the own first, and the median of those that are shown. */
export function PartnersTable({ answer: { items, line, unit }, partnership, service, months, caption, practiceName }: Table) {
  const compared = items.filter((item) => item.partnership === partnership && item.service === service);
  const own = new Set(compared.filter(({ opens }) => opens).map(({ practice }) => practice));
  const practices = [...new Set(compared.map(({ practice }) => practice))].sort((one, other) => Number(own.has(other)) - Number(own.has(one)) || practiceName(one).localeCompare(practiceName(other), 'en'));
  return (
    <div className="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption} ({unit})</caption>
        <thead><tr><th scope="col">Practice</th>{months.map((month) => <th key={month} scope="col">{monthShown(month)}</th>)}</tr></thead>
        <tbody>
          {practices.map((practice) => (
            <tr key={practice}>
              <th scope="row">{practiceName(practice)}{own.has(practice) && <span className="tag"> yours</span>}</th>
              {months.map((month) => <td key={month}><Compared item={compared.find((item) => item.practice === practice && item.month === month)} unit={unit} /></td>)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Median of those shown</th>
            {months.map((month) => {
              const middle = line.find((point) => point.partnership === partnership && point.service === service && point.month === month);
              return <td key={month}>{middle ? <>{bareValue(middle.median, unit)} <span className="soft">of {middle.practices}</span></> : <span className="soft">none</span>}</td>;
            })}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Compared({ item, unit }: { item: ComparedMeasure['items'][number] | undefined; unit: string }) {
  if (item?.hidden) return <span className="soft">hidden: fewer than 11</span>;
  return item && item.value !== null ? bareValue(item.value, unit) : <span className="soft">no number</span>;
}
