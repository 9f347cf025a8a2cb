import { useAct } from '../api/use-act';
import { useAnswer } from '../api/use-answer';
import { siteDay, siteTime } from '../openings/site-time';
import { Trouble } from '../parts/trouble';
import { permits, signInPath, useSession } from '../session/session-provider';
import { type ApprovalRequest, askRequests, give } from './request-answers';

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
  const { refusal, sending, act } = useAct(again);
  const day = siteDay(start, zone);
  const what = `${service} on ${day} at ${siteTime(start, zone)}`;
  return (
    <li>
      <p className="when"><time dateTime={start}>{siteTime(start, zone)}</time><span className="soft">{day}</span></p>
      <p><strong>{service}</strong><span className="soft">{modality}, asked by {booking}</span></p>
      <p><span>answer by</span><span className="soft"><time dateTime={approval.by}>{siteDay(approval.by, zone)}, {siteTime(approval.by, zone)}</time></span></p>
      {mayAnswer && <p><button type="button" disabled={sending} onClick={() => act(() => give(request, 'approve'))} aria-label={`Approve ${what}`}>Approve</button> <button type="button" className="quiet" disabled={sending} onClick={() => act(() => give(request, 'decline'))} aria-label={`Decline ${what}`}>Decline</button></p>}
      {refusal && <Trouble refusal={refusal} />}
    </li>
  );
}
