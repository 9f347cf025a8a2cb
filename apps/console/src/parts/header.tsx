import { useNow } from '../clock/clock-provider';
import { SignInState } from '../session/sign-in-state';
import { PageLink } from './navigation';
import { NowShown } from './now-shown';

export function Header({ path }: { path: string }) {
  const now = useNow();
  return (
    <header>
      <a className="brand" href="/console/"><img src="/console/icon.svg" alt="" width="28" height="28" />Slotmesh</a>
      <nav aria-label="Main">
        <PageLink to="/console/" path={path}>Network</PageLink>
        <PageLink to="/console/openings" path={path}>Openings</PageLink>
        <PageLink to="/console/requests" path={path}>Requests</PageLink>
        <PageLink to="/console/agreements" path={path}>Agreements</PageLink>
        <PageLink to="/console/planning" path={path}>Planning</PageLink>
        {now?.sandbox && <a href="/sandbox">Patients' phones</a>}
        <a href="/docs">API</a>
      </nav>
      <div className="state">
        <NowShown />
        <SignInState path={path} />
      </div>
    </header>
  );
}
