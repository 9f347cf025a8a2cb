/** What a person's browser keeps and reads of the patient's page: cookies by path, forms, links. No script runs, because the pages have none. */
export class PatientBrowser {
  private readonly cookies = new Map<string, { readonly path: string; readonly pair: string }>();

  constructor(private readonly url: string) {}

  /** Opens an address as issued (of any host) or a path. Redirects are followed by hand, so that a test sees them. */
  async open(address: string, options: { readonly method?: string; readonly form?: Readonly<Record<string, string>>; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Page> {
    const at = new URL(address, this.url);
    const path = at.pathname + at.search;
    const cookie = this.cookieFor(at.pathname);
    const response = await fetch(this.url + path, {
      method: options.method ?? (options.form ? 'POST' : 'GET'), redirect: 'manual', headers: { ...(cookie === '' ? {} : { cookie }), ...options.headers },
      ...(options.form ? { body: new URLSearchParams(options.form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const cookiePath = /; Path=([^;]+)/.exec(line)?.[1] ?? '/';
      this.cookies.set(cookiePath, { path: cookiePath, pair: line.split(';')[0]! });
    }
    return new Page(response.status, await response.text(), response.headers, path);
  }

  /** The cookies that go to a path. */
  cookieFor(pathname: string): string {
    return [...this.cookies.values()].filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`)).map(({ pair }) => pair).join('; ');
  }

  /** Sends the form of a page that goes to `ending`, with what the person writes into it. */
  submit(page: Page, ending: string, written: Readonly<Record<string, string>> = {}): Promise<Page> {
    const form = page.forms().find(({ action }) => action.split('?')[0]!.endsWith(ending));
    if (!form) throw new Error(`no form to ${ending} on:\n${page.text()}`);
    return this.open(form.action, { form: { ...form.fields, ...written } });
  }

  async follow(page: Page): Promise<Page> {
    const to = page.headers.get('location');
    if (page.status !== 303 || to === null) throw new Error(`no redirect but ${page.status}: ${page.text()}`);
    return this.open(to);
  }
}

export class Page {
  constructor(readonly status: number, readonly html: string, readonly headers: Headers, readonly path: string) {}

  /** As a person reads it. */
  text(): string {
    return unescaped(this.html.replace(/<head>.*?<\/head>/s, ' ').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim());
  }

  /** All of the markup but links and form tokens, in which chance may write any short word. */
  withoutTokens(): string {
    return this.html.replace(/[A-Za-z0-9_-]{40,}/g, '');
  }

  tags(name: string): Record<string, string>[] {
    return [...this.html.matchAll(new RegExp(`<${name}((?:\\s[^>]*)?)>`, 'g'))].map(([, attributes = '']) => attributesOf(attributes));
  }

  links(): string[] {
    return this.tags('a').map((link) => link['href'] ?? '');
  }

  forms(): { readonly action: string; readonly fields: Record<string, string> }[] {
    return [...this.html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', inside = '']) => ({
      action: attributesOf(attributes)['action'] ?? '',
      fields: Object.fromEntries([...inside.matchAll(/<input([^>]*)>/g)].map(([, each = '']) => attributesOf(each)).map((input) => [input['name'] ?? '', input['value'] ?? ''])),
    }));
  }

  /** Breaches of what WCAG 2.2 lets us see in the markup alone; empty where there is none. */
  accessibilityProblems(): string[] {
    const ids = [...this.html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
    const labels = new Set(this.tags('label').map((label) => label['for']));
    const referred = [...this.html.matchAll(/\saria-(?:describedby|labelledby)="([^"]*)"/g)].flatMap(([, list]) => list!.split(' '));
    const headings = [...this.html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    return [
      ...(this.tags('html')[0]?.['lang']?.match(/^(en|es)$/) ? [] : ['no lang on html']),
      ...(headings.filter((level) => level === 1).length === 1 ? [] : ['not exactly one h1']),
      ...(/<title>[^<]{3,}<\/title>/.test(this.html) ? [] : ['no title']),
      ...(this.tags('main').length === 1 ? [] : ['not one main']),
      ...(this.tags('meta').some((meta) => meta['name'] === 'viewport' && !/maximum-scale|user-scalable/.test(meta['content'] ?? '')) ? [] : ['no viewport that lets people zoom']),
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `id twice: ${id}`),
      ...referred.filter((id) => !ids.includes(id)).map((id) => `described by nothing: ${id}`),
      ...this.tags('input').filter((input) => input['type'] !== 'hidden' && !labels.has(input['id'])).map((input) => `no label: ${input['name']}`),
      ...this.tags('input').filter((input) => input['aria-invalid'] && !/\btrouble\b/.test(input['aria-describedby'] ?? '')).map((input) => `an error that is not tied: ${input['name']}`),
      ...this.links().filter((href) => href === '' || href.startsWith('javascript:')).map((href) => `a link to nowhere: ${href}`),
      ...[...this.html.matchAll(/<(a|button)[^>]*>\s*<\/\1>/g)].map(([tag]) => `nothing to read on: ${tag}`),
      ...(/<script|\son[a-z]+=|\sstyle=|<style/.test(this.html) ? ['script or style in the page'] : []),
    ];
  }
}

const attributesOf = (text: string): Record<string, string> => Object.fromEntries([...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, name = '', value]) => [name, unescaped(value ?? '')]));
const unescaped = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
