import { useState } from 'react';
import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { type Measure, type Part, askRows } from './measure-answers';
import { datesShown } from './stretch';

interface Behind {
  readonly measure: Pick<Measure, 'definition' | 'kind'>;
  readonly from: string;
  readonly to: string;
  readonly service: string | undefined;
}

/** Opens a number into what stands behind it. Asked only when somebody wants to see it, since each look is written down. */
export function RowsBehind({ measure, from, to, service }: Behind) {
  const [open, setOpen] = useState(false);
  const [part, setPart] = useState<Part>('numerator');
  const { title } = measure.definition;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show rows<span className="visually-hidden"> of {title}</span></summary>
      <p className="soft">What stands behind the number of {datesShown({ from, to })}, by kind and id. That you looked is written down.</p>
      {measure.kind !== 'sum' && (
        <label className="choice">Rows of
          <select value={part} onChange={(event) => setPart(event.currentTarget.value === 'denominator' ? 'denominator' : 'numerator')}>
            <option value="numerator">what is counted</option>
            <option value="denominator">what it is counted of</option>
          </select>
        </label>
      )}
      {open && <RowList key={`${part} ${from} ${to} ${service ?? ''}`} measure={measure} from={from} to={to} service={service} part={part} />}
    </details>
  );
}

function RowList({ measure: { definition: { id, title } }, from, to, service, part }: Behind & { part: Part }) {
  const [pages, setPages] = useState<{ readonly earlier: readonly string[]; readonly cursor: string | undefined }>({ earlier: [], cursor: undefined });
  const { answer, refusal, asking, again } = useAnswer(`rows ${id} ${pages.cursor ?? ''}`, (signal) => askRows(id, { from, to, service, part, cursor: pages.cursor }, { signal }));
  const rows = [...pages.earlier, ...(answer?.items.map(({ row }) => row) ?? [])];
  const next = answer?.nextCursor;
  return (
    <>
      <p role="status" className="soft">{asking ? 'Asking …' : answer ? `${rows.length}${next ? ' and more' : ''} ${rows.length === 1 ? 'row' : 'rows'}` : ''}</p>
      {refusal && <Trouble refusal={refusal} again={again} />}
      {rows.length > 0 && <ol className="rows" aria-label={`Rows of ${title}`} tabIndex={0}>{rows.map((row) => <li key={row}><code>{row}</code></li>)}</ol>}
      {next && <button type="button" className="quiet" onClick={() => setPages({ earlier: rows, cursor: next })}>Show more</button>}
    </>
  );
}
