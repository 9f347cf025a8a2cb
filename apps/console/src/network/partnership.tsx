import { useAnswer } from '../api/use-answer';
import { useNow } from '../clock/clock-provider';
import { Trouble } from '../parts/trouble';
import { type Agreement, type Practice, askAgreements, askPractices } from './network-answers';

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

/** Who shares with whom, and what is in force. */
export function Partnership() {
  const practices = useAnswer('practices', (signal) => askPractices({ signal }), 60_000);
  const agreements = useAnswer('agreements', (signal) => askAgreements({ signal }), 60_000);
  return (
    <section aria-labelledby="partnership">
      <h2 id="partnership">Partnership</h2>
      {practices.refusal && <Trouble refusal={practices.refusal} again={practices.again} />}
      {practices.answer?.length === 0 && <p className="empty">No practices yet. A partnership manager adds them; the sample has four.</p>}
      {practices.answer && practices.answer.length > 0 && (
        <ul className="cards">
          {practices.answer.map(({ id, name, zone }) => <li key={id}><strong>{name}</strong><p><code>{id}</code>{zone && ` · ${zone}`}</p></li>)}
        </ul>
      )}
      {agreements.refusal && <Trouble refusal={agreements.refusal} again={agreements.again} />}
      {agreements.answer && <InForce agreements={agreements.answer} practices={practices.answer ?? []} />}
    </section>
  );
}

function InForce({ agreements, practices }: { agreements: readonly Agreement[]; practices: readonly Practice[] }) {
  const now = useNow();
  if (!now) return null;
  const inForce = agreements.filter(({ status, effectiveFrom, effectiveTo }) => status === 'in-force' && Date.parse(effectiveFrom) <= now.now && (effectiveTo === null || Date.parse(effectiveTo) > now.now));
  if (inForce.length === 0) return <p className="empty">No agreement is in force, so practices see only their own time. A manager proposes one, and every practice approves it.</p>;
  const nameOf = (id: string): string => practices.find((practice) => practice.id === id)?.name ?? id;
  return (
    <ul className="plain">
      {inForce.map(({ id, version, practices: members, effectiveFrom, effectiveTo }) => (
        <li key={id}>
          <span className="tag good">in force</span> Agreement, version {version}, between {new Intl.ListFormat('en').format(members.map(nameOf))}, since {day.format(Date.parse(effectiveFrom))}{effectiveTo && ` until ${day.format(Date.parse(effectiveTo))}`}
        </li>
      ))}
    </ul>
  );
}
