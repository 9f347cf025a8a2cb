// Why: oidc-provider 9 calls URL.parse, which Node has only from 22.1 on; the rest of it runs on Node 20.12 and later.
if (typeof Reflect.get(URL, 'parse') !== 'function') {
  Reflect.set(URL, 'parse', (url: string, base?: string): URL | null => (URL.canParse(url, base) ? new URL(url, base) : null));
}
export const urlParseIsThere = true;
