import type { FormEvent } from 'react';
import { useAct } from '../api/use-act';
import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { type Recommendation, askRecommendations, decide } from './planner-answers';
import { dateIn, periodShown } from './stretch';
import { valueShown } from './value-shown';

const SURE: Readonly<Record<Recommendation['sure'], string>> = {
  measured: 'Your own numbers say it.', published: 'Others found it; here it may be otherwise.', simulated: 'Simulated with your own numbers.', unknown: 'Nobody can say how much it changes.',
};

/** What the practice is advised to do, best first, and what came of what was taken. */
export function WhatToDo({ mayDecide, zone }: { mayDecide: boolean; zone: string }) {
  const open = useAnswer('recommendations open', (signal) => askRecommendations('open', { signal }), 300_000);
  const taken = useAnswer('recommendations taken', (signal) => askRecommendations('taken', { signal }), 300_000);
  const again = (): void => {
    open.again();
    taken.again();
  };
  return (
    <section aria-labelledby="what-to-do">
      <h2 id="what-to-do">What to do</h2>
      <p className="soft">Looked at every morning at 05:00, and on Mondays for the whole partnership. Nothing changes by itself: a manager decides, and afterwards the numbers say what happened.</p>
      {open.refusal && <Trouble refusal={open.refusal} again={open.again} />}
      {!open.answer && !open.refusal && <p className="soft">Asking for advice …</p>}
      {open.answer?.length === 0 && <p className="empty">Nothing is advised at present. Not every change that a number below shows asks for something to be done, and of some things too little is known yet.</p>}
      {open.answer && open.answer.length > 0 && <ul className="cards tiles">{open.answer.map((one) => <Advised key={one.id} advised={one} mayDecide={mayDecide} again={again} />)}</ul>}
      {taken.answer && taken.answer.length > 0 && (
        <details>
          <summary>What came of what was taken ({taken.answer.length})</summary>
          <ul className="cards tiles">{taken.answer.map((one) => <Taken key={one.id} taken={one} zone={zone} />)}</ul>
        </details>
      )}
    </section>
  );
}

function Advised({ advised: { id, title, reason, now, unit, expected, cost, sure }, mayDecide, again }: { advised: Recommendation; mayDecide: boolean; again: () => void }) {
  const { refusal, sending, act } = useAct(again);
  const answer = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget, event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null);
    act(() => decide(id, form.get('decision') === 'taken' ? 'taken' : 'dismissed', String(form.get('why') ?? '')));
  };
  return (
    <li aria-labelledby={`advice-${id}`}>
      <h3 id={`advice-${id}`}>{title}</h3>
      <p>{reason}</p>
      {expected && unit && <p>Expected: <strong>{valueShown(expected.value, unit)}</strong>{now !== null && ` instead of ${valueShown(now, unit)}`} <span className="soft">({valueShown(expected.low, unit)} to {valueShown(expected.high, unit)})</span></p>}
      <p>{SURE[sure]} Cost: {cost}</p>
      {mayDecide && (
        <form onSubmit={answer} aria-label={`Decide: ${title}`}>
          <label className="choice">Why<input name="why" required minLength={3} maxLength={500} placeholder="in a few words, for your colleagues" /></label>
          <p><button type="submit" name="decision" value="taken" disabled={sending}>We do this</button> <button type="submit" className="quiet" name="decision" value="dismissed" disabled={sending}>Not for us</button></p>
        </form>
      )}
      {refusal && <Trouble refusal={refusal} />}
    </li>
  );
}

function Taken({ taken: { title, unit, decided, afterwards }, zone }: { taken: Recommendation; zone: string }) {
  const value = (of: number | null): string => (of === null ? 'no number' : valueShown(of, unit ?? ''));
  return (
    <li>
      <h3>{title}</h3>
      {decided && <p>Decided on {periodShown('day', dateIn(Date.parse(decided.at), zone))}: {decided.why}</p>}
      {afterwards ? <p>{value(afterwards.before)} in the four weeks before, <strong>{value(afterwards.after)}</strong> {afterwards.isOver ? 'in the four weeks after' : 'so far'}. That the one followed the other does not say that it was its work.</p> : <p className="soft">No measure says what came of it.</p>}
    </li>
  );
}
