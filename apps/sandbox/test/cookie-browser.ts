export interface Page {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  /** Where the browser was sent outside, if anywhere. */
  readonly location: string | null;
}

/** Follows redirects with cookies, as a browser does, until a page or until it is sent to `outside`. */
export class CookieBrowser {
  private readonly cookies = new Map<string, { value: string; path: string }>();

  constructor(private readonly outside: string) {}

  async go(url: string, form?: Record<string, string>): Promise<Page> {
    const { pathname } = new URL(url);
    const cookie = [...this.cookies].filter(([, kept]) => pathname.startsWith(kept.path)).map(([name, kept]) => `${name}=${kept.value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' }, ...(form && { method: 'POST', body: new URLSearchParams(form) }) });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const location = response.headers.get('location');
    if (location === null) return { url, status: response.status, body: await response.text(), location: null };
    const next = new URL(location, url).href;
    if (this.outside !== '' && next.startsWith(this.outside)) return { url: next, status: response.status, body: '', location: next };
    return this.go(next);
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', ...value] = pair.split('=');
    const path = attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const expired = attributes.some((attribute) => /^expires=/i.test(attribute) && Date.parse(attribute.slice(8)) < Date.now());
    if (expired || value.join('=') === '') this.cookies.delete(name);
    else this.cookies.set(name, { value: value.join('='), path });
  }
}
