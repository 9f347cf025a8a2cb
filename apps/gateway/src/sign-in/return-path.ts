/** Where to go after signing in: a path of this very address, never elsewhere (no open redirect), else the console. */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) || wanted.includes('\\')) return '/console/';
  const url = new URL(wanted, 'http://own.invalid');
  if (url.host !== 'own.invalid' || url.pathname.startsWith('/auth/') || url.pathname.startsWith('//')) return '/console/';
  return `${url.pathname}${url.search}${url.hash}`;
}
