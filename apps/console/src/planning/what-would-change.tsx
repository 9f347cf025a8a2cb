import { type FormEvent, useEffect, useState } from 'react';
import { useAct } from '../api/use-act';
import { useAnswer } from '../api/use-answer';
import { go } from '../parts/navigation';
import { Trouble } from '../parts/trouble';
import { type Line, type WhatIf, askWhatIf, cancelWhatIf, tryWhatIf } from './planner-answers';
import { type PlanningChoice, planningPath } from './planning-choice';
import { bareValue } from './value-shown';
import { type Tried as Kind, isTried, questionOf, triedKinds } from './what-if-question';

const TOGETHER = 'together';

/** Tries a change on the partnership as it is known, in simulated years, and says what it would bring. */
export function WhatWouldChange({ choice, practice, practices, mayTry }: { choice: PlanningChoice; practice: string; practices: ReadonlyMap<string, string>; mayTry: boolean }) {
  const { refusal, sending, act } = useAct(() => undefined);
  const [chosen, setChosen] = useState<Kind>('advice');
  const amount = triedKinds.find(({ tried }) => tried === chosen)?.amount ?? null;
  const ask = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = Number(new FormData(event.currentTarget).get('amount'));
    act(async () => go(planningPath(choice, { whatIf: (await tryWhatIf(questionOf(chosen, given, practice))).id })));
  };
  return (
    <section aria-labelledby="what-would-change">
      <h2 id="what-would-change">What would change</h2>
      <p className="soft">Years of your partnership are simulated with what is known of its last 13 weeks. Trying agrees to nothing and changes nothing.</p>
      {mayTry && (
        <form className="search" onSubmit={ask} aria-label="Try a change">
          <label>What to try<select value={chosen} onChange={({ target: { value } }) => isTried(value) && setChosen(value)}>{triedKinds.map(({ tried, says }) => <option key={tried} value={tried}>{says}</option>)}</select></label>
          {amount !== null && <label>{amount}<input name="amount" type="number" min="0" max="1000" step="any" defaultValue="20" /></label>}
          <button type="submit" disabled={sending}>Try</button>
        </form>
      )}
      {refusal && (refusal.code === 'too-little-known' ? <p className="note">Too little is known to simulate it: every practice of the partnership has to have working hours and visits in at least eight of the last thirteen weeks, and you need a partnership.</p> : <Trouble refusal={refusal} />)}
      {choice.whatIf !== undefined && <Tried key={choice.whatIf} id={choice.whatIf} practices={practices} mayTry={mayTry} />}
    </section>
  );
}

function Tried({ id, practices, mayTry }: { id: string; practices: ReadonlyMap<string, string>; mayTry: boolean }) {
  const { answer, refusal, again } = useAnswer(`what-if ${id}`, (signal) => askWhatIf(id, { signal }));
  if (!answer) return refusal ? <Trouble refusal={refusal} again={again} /> : <p className="soft">Asking for the answer …</p>;
  if (answer.answer) return <Answered tried={answer} answer={answer.answer} practices={practices} />;
  if (answer.state === 'cancelled') return <p className="empty">This was cancelled before it had an answer.</p>;
  if (answer.failure !== null) return <p className="note bad">There is no answer: {answer.failure}</p>;
  return <Running tried={answer} mayTry={mayTry} again={again} />;
}

function Running({ tried: { id, state, progress: { done, total } }, mayTry, again }: { tried: WhatIf; mayTry: boolean; again: () => void }) {
  const { refusal, sending, act } = useAct(again);
  // Why here: what has ended is asked for no more.
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), 1_000);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <div className="note" role="status">
      <p>{state === 'queued' ? 'Waits for its turn.' : `Simulating: ${done} of about ${total} years.`} <progress max={total} value={done} aria-label="Simulated years" /></p>
      {mayTry && <p><button type="button" className="quiet" disabled={sending} onClick={() => act(() => cancelWhatIf(id))}>Cancel</button></p>}
      {refusal && <Trouble refusal={refusal} />}
    </div>
  );
}

function Answered({ tried: { question }, answer: { sentence, present, changed, difference }, practices }: { tried: WhatIf; answer: NonNullable<WhatIf['answer']>; practices: ReadonlyMap<string, string> }) {
  const of = (lines: readonly Line[], practice: string, outcome: string) => lines.find((line) => line.practice === practice)?.outcomes[outcome];
  const days = (lines: readonly Line[], practice: string, outcome: string): string => inDays(of(lines, practice, outcome)?.mean);
  const change = (practice: string): string => {
    const by = of(difference, practice, 'waitDays');
    if (by === undefined) return 'not told';
    return by.low === null || by.high === null ? signed(by.mean) : `${signed(by.mean)} (${signed(by.low)} to ${signed(by.high)})`;
  };
  return (
    <div role="status">
      <p className="note">{sentence}</p>
      <div className="scroll"><table>
        <caption>Working days that patients wait on average, and to the third next available time, {question.changes === undefined ? 'as it is and with what is advised' : 'as it is and with the change'}</caption>
        <thead><tr><th scope="col">Practice</th><th scope="col">Wait now</th><th scope="col">then</th><th scope="col">change</th><th scope="col">Third next now</th><th scope="col">then</th><th scope="col">Lends a week</th><th scope="col">Borrows a week</th></tr></thead>
        <tbody>{present.map(({ practice }) => (
          <tr key={practice}>
            <th scope="row">{practice === TOGETHER ? 'All together' : (practices.get(practice) ?? practice)}</th>
            <td>{days(present, practice, 'waitDays')}</td><td>{days(changed, practice, 'waitDays')}</td><td>{change(practice)}</td><td>{days(present, practice, 'thirdNextDays')}</td><td>{days(changed, practice, 'thirdNextDays')}</td>
            <td>{slots(of(changed, practice, 'lentPerWeek')?.mean)}</td><td>{slots(of(changed, practice, 'borrowedPerWeek')?.mean)}</td>
          </tr>
        ))}</tbody>
      </table></div>
      <p className="soft">In brackets: with 95 % certainty. Of partners only rounded means are told.</p>
    </div>
  );
}

const inDays = (mean: number | undefined): string => (mean === undefined ? 'not told' : bareValue(mean, 'days'));
const slots = (mean: number | undefined): string => (mean === undefined ? 'not told' : `${bareValue(mean, 'slots')} slots`);
const signed = (value: number): string => `${value > 0 ? '+' : ''}${bareValue(value, 'days')}`;
