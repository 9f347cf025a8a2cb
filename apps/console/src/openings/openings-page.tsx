import { useNow } from '../clock/clock-provider';
import { useQuery } from '../parts/navigation';
import { permits, signInPath, useSession } from '../session/session-provider';
import { FoundOpenings } from './found-openings';
import { choiceOf } from './search-choice';
import { SearchForm } from './search-form';

export function OpeningsPage() {
  const { session } = useSession();
  const now = useNow();
  const query = useQuery();
  const choice = choiceOf(query);
  return (
    <>
      <h1>Openings</h1>
      <p className="lead">One search over your own calendar and what your partners share with you.</p>
      {session?.signedIn === false && <p className="note">Sign in to search. <a href={signInPath(`/console/openings?${query}`)}>Sign in</a></p>}
      {session?.signedIn && !permits(session, 'openings:read') && <p className="note">{session.permissions === null ? 'What you may do is not known at the moment, because the scheduling service does not answer. This page asks again by itself.' : 'Searching openings is for the staff of a practice.'}</p>}
      {permits(session, 'openings:read') && now && (
        <>
          <SearchForm key={query.toString()} choice={choice} />
          {choice ? <FoundOpenings key={query.toString()} choice={choice} /> : <p className="empty">Choose a service to see the next openings.</p>}
        </>
      )}
    </>
  );
}
