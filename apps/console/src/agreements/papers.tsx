import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { type Partnership, askPartnership } from './partnership-answers';

const CALLED: Readonly<Record<string, string>> = { baa: 'business associate agreement', ownership: 'ownership', 'state-law': 'state-law check' };

/** Whether the members' papers hold: without them nothing is shared. */
export function Papers() {
  const { answer, refusal, again } = useAnswer('partnership', (signal) => askPartnership({ signal }), 60_000);
  if (refusal) return <Trouble refusal={refusal} again={again} />;
  if (!answer) return null;
  const wanting = answer.papers.filter(({ state }) => state !== 'valid');
  return (
    <section aria-labelledby="papers">
      <h2 id="papers">Papers of {answer.name}</h2>
      {wanting.length === 0 ? <p>The papers of {new Intl.ListFormat('en').format(answer.members)} hold for 60 days and more.</p> : <Wanting papers={wanting} />}
    </section>
  );
}

function Wanting({ papers }: { papers: Partnership['papers'] }) {
  return (
    <>
      <p className="note">Where a paper is missing, its practice shares nothing. Its manager adds the new one with <code>POST /member-documents</code>; <a href="/docs">the API</a> says how.</p>
      <table>
        <thead><tr><th scope="col">Practice</th><th scope="col">Paper</th><th scope="col">State</th><th scope="col">Last date (UTC)</th><th scope="col">Who renews it</th></tr></thead>
        <tbody>{papers.map(({ practice, kind, state, expiresOn, owner }) => <tr key={`${practice}/${kind}`}><th scope="row">{practice}</th><td>{CALLED[kind] ?? kind}</td><td><span className={state === 'missing' ? 'tag bad' : 'tag'}>{state}</span></td><td>{expiresOn ?? 'none'}</td><td>{owner ?? 'nobody'}</td></tr>)}</tbody>
      </table>
    </>
  );
}
