import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { permits, signInPath, useSession } from '../session/session-provider';
import { AgreementCard } from './agreement-card';
import { askAgreements } from './agreement-answers';
import { Leaving } from './leaving';
import { Papers } from './papers';

export function AgreementsPage() {
  const { session } = useSession();
  const mayRead = permits(session, 'agreements:read');
  const agreements = useAnswer(mayRead ? 'agreements' : null, (signal) => askAgreements({ signal }), 30_000);
  return (
    <>
      <h1>Agreements</h1>
      <p className="lead">What you share with your partners, who decided it, and what waits for a signature.</p>
      {session?.signedIn === false && <p className="note">Sign in to read your agreements. <a href={signInPath('/console/agreements')}>Sign in</a></p>}
      {session?.signedIn && !mayRead && <p className="note">Agreements are read by the staff of a practice and by operators.</p>}
      {agreements.refusal && <Trouble refusal={agreements.refusal} again={agreements.again} />}
      {agreements.answer?.length === 0 && <p className="empty">Your practice is a party of no agreement, so it sees only its own time. Its manager drafts one with <code>POST /agreements</code>; <a href="/docs">the API</a> says how.</p>}
      {agreements.answer?.map((agreement) => <AgreementCard key={agreement.id} agreement={agreement} again={agreements.again} />)}
      {mayRead && <><Papers /><Leaving /></>}
    </>
  );
}
