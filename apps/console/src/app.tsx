import { useEffect } from 'react';
import { AgreementsPage } from './agreements/agreements-page';
import { ClockProvider } from './clock/clock-provider';
import { NetworkPage } from './network/network-page';
import { OpeningsPage } from './openings/openings-page';
import { Header } from './parts/header';
import { usePath } from './parts/navigation';
import { PlanningPage } from './planning/planning-page';
import { RequestsPage } from './requests/requests-page';
import { SessionProvider } from './session/session-provider';

const pages = { '/console/': { title: 'Network', Page: NetworkPage }, '/console/openings': { title: 'Openings', Page: OpeningsPage }, '/console/agreements': { title: 'Agreements', Page: AgreementsPage }, '/console/requests': { title: 'Requests', Page: RequestsPage }, '/console/planning': { title: 'Planning', Page: PlanningPage } } as const;
const isPage = (path: string): path is keyof typeof pages => path in pages;

export function App() {
  const path = usePath();
  const page = isPage(path) ? pages[path] : null;
  const title = page?.title ?? 'Not found';
  useEffect(() => {
    document.title = `${title} · Slotmesh`;
  }, [title]);
  return (
    <ClockProvider>
      <SessionProvider>
        <a className="skip" href="#main">Skip to the content</a>
        <Header path={path} />
        <main id="main" tabIndex={-1}>{page ? <page.Page /> : <NotFound />}</main>
      </SessionProvider>
    </ClockProvider>
  );
}

function NotFound() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>The address may be mistyped or old. <a href="/console/">Go to the network's status.</a></p>
    </>
  );
}
