import { useNow } from '../clock/clock-provider';
import { SignInFailure } from '../session/sign-in-failure';
import { permits, signInPath, useSession } from '../session/session-provider';
import { Notices } from './notices';
import { Partnership } from './partnership';
import { ServiceStatus } from './service-status';

export function NetworkPage() {
  const { session } = useSession();
  const now = useNow();
  return (
    <>
      <h1>Network</h1>
      <p className="lead">One pool of appointment time, shared by independent practices.</p>
      <SignInFailure />
      <ServiceStatus parked={permits(session, 'parked-events:manage')} />
      {session?.signedIn && session.permissions?.length === 0 && <p className="note">You are signed in, but no practice knows you yet. Ask a manager of your practice to add you.</p>}
      {permits(session, 'webhooks:write') && <Notices />}
      {permits(session, 'reference:read') && <Partnership />}
      {session?.signedIn === false && (
        <section aria-labelledby="begin">
          <h2 id="begin">Begin here</h2>
          <p>Sign in to see your practice&rsquo;s partners and to search openings. <a href={signInPath('/console/')}>Sign in</a></p>
          {now?.sandbox && <p className="soft">In this sandbox: <code>frontdesk@harbor.example</code>, <code>manager@summit.example</code>, <code>operator@network.example</code> and others, each with the password <code>slotmesh</code>.</p>}
        </section>
      )}
      <section aria-labelledby="elsewhere">
        <h2 id="elsewhere">Look further</h2>
        <ul className="cards">
          {now?.sandbox && <li><a href="/sandbox">Patients&rsquo; phones and mailboxes</a><p>Read what patients got, answer for them, move the clock.</p></li>}
          <li><a href="/docs">API documents</a><p>Every operation of every service, and every event.</p></li>
          <li><a href="/health/ready">State of the services</a><p>The same as above, for programs.</p></li>
        </ul>
      </section>
    </>
  );
}
