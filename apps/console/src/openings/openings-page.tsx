import { useNow } from '../clock/clock-provider';
import { useQuery } from '../parts/navigation';
import { signInPath, useSession } from '../session/session-provider';
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
      {session?.signedIn && now && (
        <>
          <SearchForm key={query.toString()} choice={choice} />
          {choice ? <FoundOpenings key={query.toString()} choice={choice} /> : <p className="empty">Choose a service to see the next openings.</p>}
        </>
      )}
    </>
  );
}
