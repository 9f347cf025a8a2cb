import type { FormEvent } from 'react';
import { type Acting, useAct } from '../api/use-act';
import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { permits, useSession } from '../session/session-provider';
import { instantShown } from './instant-shown';
import { type ExitPlan, type WrittenItem, askExitPlans, giveEvidence, giveNotice, stepOfExit, writtenItems } from './partnership-answers';

/** Who leaves the partnership, what is left to do, and the way to begin it. */
export function Leaving() {
  const { session } = useSession();
  const plans = useAnswer('exit-plans', (signal) => askExitPlans({ signal }), 30_000);
  const acting = useAct(plans.again);
  if (plans.refusal) return <Trouble refusal={plans.refusal} again={plans.again} />;
  if (!plans.answer) return null;
  const mine = session?.signedIn === true ? session.practice : null;
  const maySign = permits(session, 'agreements:sign');
  const isLeaving = plans.answer.some(({ practice, state }) => practice === mine && (state === 'notice' || state === 'leaving'));
  return (
    <section aria-labelledby="leaving">
      <h2 id="leaving">Leaving</h2>
      {plans.answer.length === 0 && <p className="empty">Nobody leaves the partnership.</p>}
      {plans.answer.map((plan) => <Plan key={plan.id} plan={plan} isMine={plan.practice === mine} maySign={maySign} acting={acting} />)}
      {maySign && mine !== null && !isLeaving && <Notice practice={mine} acting={acting} />}
      {acting.refusal && <Trouble refusal={acting.refusal} />}
    </section>
  );
}

const STATES: Readonly<Record<ExitPlan['state'], string>> = { notice: 'waits for a second person', withdrawn: 'taken back', leaving: 'notice runs', left: 'has left', closed: 'closed' };

function Plan({ plan, isMine, maySign, acting: { act, sending } }: { plan: ExitPlan; isMine: boolean; maySign: boolean; acting: Acting }) {
  const { id, practice, state, exitAt, reason, givenBy, checklist, certificate } = plan;
  const underWay = state === 'leaving' || state === 'left';
  return (
    <article>
      <h3>{practice}</h3>
      <p><span className="tag">{STATES[state]}</span> {reason} (notice by {givenBy}){exitAt && `. Exit: ${instantShown(exitAt)}`}</p>
      {state !== 'notice' && (
        <table>
          <thead><tr><th scope="col">Line</th><th scope="col">State</th><th scope="col">What shows it, or what is to be done</th></tr></thead>
          <tbody>{checklist.map(({ item, done, evidence }) => <tr key={item}><th scope="row">{item.replaceAll('-', ' ')}</th><td><span className={done ? 'tag good' : 'tag'}>{done ? 'done' : 'open'}</span></td><td>{evidence}</td></tr>)}</tbody>
        </table>
      )}
      {certificate && <p>Certificate <code>{certificate.sha256}</code></p>}
      {maySign && isMine && state === 'notice' && (
        <p>
          <button type="button" disabled={sending} onClick={() => act(() => stepOfExit(id, 'confirm'))}>Confirm as the second person</button>{' '}
          <button type="button" className="quiet" disabled={sending} onClick={() => act(() => stepOfExit(id, 'withdraw'))}>Take the notice back</button>
        </p>
      )}
      {maySign && underWay && <p><button type="button" className="quiet" disabled={sending} onClick={() => act(() => stepOfExit(id, 'honour'))}>Promise to see all patients whom your practice hosts behind the exit</button></p>}
      {maySign && isMine && underWay && <Evidence id={id} act={act} sending={sending} />}
      {maySign && isMine && underWay && <p><button type="button" disabled={sending} onClick={() => act(() => stepOfExit(id, 'close'))}>Close with a certificate</button></p>}
    </article>
  );
}

const textOf = (form: HTMLFormElement, name: string): string => {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
};
const isWritten = (item: string): item is WrittenItem => item in writtenItems;

function Evidence({ id, act, sending }: { id: string } & Pick<Acting, 'act' | 'sending'>) {
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const item = textOf(event.currentTarget, 'item');
    const evidence = textOf(event.currentTarget, 'evidence');
    if (isWritten(item)) act(() => giveEvidence(id, item, evidence));
  };
  return (
    <form className="search" onSubmit={send}>
      <label>Line<select name="item">{Object.entries(writtenItems).map(([item, text]) => <option key={item} value={item}>{text}</option>)}</select></label>
      <label>What shows it<input name="evidence" required minLength={5} maxLength={2000} /></label>
      <button type="submit" className="quiet" disabled={sending}>Write it down</button>
    </form>
  );
}

function Notice({ practice, acting: { act, sending } }: { practice: string; acting: Acting }) {
  const give = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const reason = textOf(event.currentTarget, 'reason');
    act(() => giveNotice(reason));
  };
  return (
    <details>
      <summary>Give notice for {practice}</summary>
      <p>Nothing changes until a second person of {practice} confirms it. Then nothing behind the exit is offered across any more; booked visits stay, and each is promised by its host, moved, or called off with the patient's yes.</p>
      <form className="search" onSubmit={give}>
        <label>Reason, read by all members<input name="reason" required minLength={5} maxLength={500} /></label>
        <button type="submit" disabled={sending}>Give notice</button>
      </form>
    </details>
  );
}
