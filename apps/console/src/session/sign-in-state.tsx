import { useState } from 'react';
import { Refusal } from '../api/ask';
import { useQuery } from '../parts/navigation';
import { signInPath, useSession } from './session-provider';

export function SignInState({ path }: { path: string }) {
  const { session, refusal, signOut } = useSession();
  const [trouble, setTrouble] = useState<string | null>(null);
  const query = useQuery().toString();
  if (!session) return <span className="soft">{refusal ? 'Sign-in state not known' : 'Looking who is here …'}</span>;
  if (!session.signedIn) return <a className="button" href={signInPath(query === '' ? path : `${path}?${query}`)}>Sign in</a>;
  const leave = () => signOut().catch((error: unknown) => setTrouble(error instanceof Refusal ? error.message : 'Signing out failed. Close the browser to end the session.'));
  return (
    <div className="who">
      <span><span className="visually-hidden">Signed in as </span>{session.email ?? session.name ?? session.subject}{session.roles && session.roles.length > 0 && <span className="soft"> {roleText(session.roles, session.practice)}</span>}</span>
      <button type="button" className="quiet" onClick={leave}>Sign out</button>
      {trouble && <span role="alert" className="bad-text">{trouble}</span>}
    </div>
  );
}

const roleText = (roles: readonly string[], practice: string | null): string => `${roles.map((role) => role.replace('-', ' ')).join(', ')}${practice === null ? '' : ` at ${practice}`}`;
