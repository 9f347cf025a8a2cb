import { type MouseEvent, type ReactNode, useSyncExternalStore } from 'react';

const MOVED = 'slotmesh:moved';

function watch(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(MOVED, changed);
  };
}
const present = (): string => window.location.pathname + window.location.search;

/** The page's path; `/console` is `/console/`. */
export function usePath(): string {
  const [path = ''] = useSyncExternalStore(watch, present).split('?');
  return path === '/console' ? '/console/' : path;
}

/** The query of the page's address, so that a search can be bookmarked and sent to a colleague. */
export const useQuery = (): URLSearchParams => new URLSearchParams(useSyncExternalStore(watch, present).split('?')[1] ?? '');

export function go(to: string): void {
  window.history.pushState(null, '', to);
  window.dispatchEvent(new Event(MOVED));
}

/** A link to another page of the console: an ordinary link that does not load the document anew. */
export function PageLink({ to, path, children }: { to: string; path: string; children: ReactNode }) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
    document.getElementById('main')?.focus();
  };
  return <a href={to} onClick={follow} aria-current={path === to ? 'page' : undefined}>{children}</a>;
}
