/** No id of ours is as long: what is has to be a key, such as a patient's link. */
const KEY = /[^/]{65,}/g;

/** The path of a request as it may be told in an answer: without its query, which may hold a name, and without the token that is the key to a patient's page. */
export function toldPath(url: string): string {
  const path = url.split(/[?#]/)[0] ?? '';
  return /^\/+a\//i.test(path) ? '/a/{token}' : path.replace(KEY, '{key}');
}
