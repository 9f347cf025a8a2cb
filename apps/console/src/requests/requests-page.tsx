import { useState } from 'react';
import { Refusal } from '../api/ask';
import { useAnswer } from '../api/use-answer';
import { siteDay, siteTime } from '../openings/site-time';
import { Trouble } from '../parts/trouble';
import { permits, signInPath, useSession } from '../session/session-provider';
import { type ApprovalRequest, type Verdict, askRequests, give } from './request-answers';

/** What partners ask for and the own desk has to answer, the soonest deadline first. */
export function RequestsPage() {
  const { session } = useSession();
  const mayRead = permits(session, 'appointments:read');
  const { answer, refusal, again } = useAnswer(mayRead ? 'requests' : null, (signal) => askRequests({ signal }), 30_000);
  return (
    <>
      <h1>Requests</h1>
      <p className="lead">Visits that partners ask for at providers who answer first. The time is kept; without an answer by the deadline the request lapses.</p>
      {session?.signedIn === false && <p className="note">Sign in to read your requests. <a href={signInPath('/console/requests')}>Sign in</a></p>}
      {session?.signedIn && !mayRead && <p className="note">Requests are read by the staff of a practice.</p>}
      {refusal && <Trouble refusal={refusal} again={again} />}
      {answer?.items.length === 0 && <p className="empty">Nothing waits for an answer.</p>}
      {answer && answer.items.length > 0 && <ul className="openings">{answer.items.map((request) => <Request key={request.id} request={request} mayAnswer={permits(session, 'appointments:book')} again={again} />)}</ul>}
      {answer?.nextCursor && <p className="soft">There are more; they are shown when these are answered.</p>}
    </>
  );
}

function Request({ request, mayAnswer, again }: { request: ApprovalRequest; mayAnswer: boolean; again: () => void }) {
  const { booking, service, modality, start, zone, approval } = request;
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [sending, setSending] = useState(false);
  const answer = async (verdict: Verdict): Promise<void> => {
    setSending(true);
    setRefusal(null);
    try {
      await give(request, verdict);
      again();
    } catch (error) {
      setRefusal(error instanceof Refusal ? error : new Refusal(0, 'unknown', 'Something went wrong in this page. Reload it, please.'));
    } finally {
      setSending(false);
    }
  };
  const day = siteDay(start, zone);
  const what = `${service} on ${day} at ${siteTime(start, zone)}`;
  return (
    <li>
      <p className="when"><time dateTime={start}>{siteTime(start, zone)}</time><span className="soft">{day}</span></p>
      <p><strong>{service}</strong><span className="soft">{modality}, asked by {booking}</span></p>
      <p><span>answer by</span><span className="soft"><time dateTime={approval.by}>{siteDay(approval.by, zone)}, {siteTime(approval.by, zone)}</time></span></p>
      {mayAnswer && <p><button type="button" disabled={sending} onClick={() => void answer('approve')} aria-label={`Approve ${what}`}>Approve</button> <button type="button" className="quiet" disabled={sending} onClick={() => void answer('decline')} aria-label={`Decline ${what}`}>Decline</button></p>}
      {refusal && <Trouble refusal={refusal} />}
    </li>
  );
}
