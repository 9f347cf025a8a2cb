import { useAnswer } from '../api/use-answer';
import { askNotices } from './network-answers';

/** What a manager has to see to; nothing where there is nothing. */
export function Notices() {
  const { answer } = useAnswer('notices', (signal) => askNotices({ signal }), 30_000);
  if (!answer || answer.length === 0) return null;
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">To see to</h2>
      <ul>{answer.map(({ about, text }) => <li key={about}><span className="tag bad">webhook</span> {text} <span className="soft"><code>{about}</code></span></li>)}</ul>
    </section>
  );
}
