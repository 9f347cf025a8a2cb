import { fastifyCookie } from '@fastify/cookie';

/** Browsers keep 4096 bytes per cookie, name and attributes included. */
const CHUNK = 3_600;
/** Node takes 16 KiB of headers in all. */
const MOST = 3;

export type Cookies = Readonly<Record<string, string | undefined>>;
export type CookieOptions = NonNullable<Parameters<typeof fastifyCookie.serialize>[2]>;

export const cookiesOf = (header: string | undefined): Cookies => (header ? fastifyCookie.parse(header) : {});
export const cookieLine = (name: string, value: string, options: CookieOptions): string => fastifyCookie.serialize(name, value, options);
export const cookieRemoval = (name: string, options: CookieOptions): string => fastifyCookie.serialize(name, '', { ...options, maxAge: 0 });

/** Puts a value together again that was kept in several cookies; null where there is none. */
export function readChunks(cookies: Cookies, name: string): string | null {
  const parts: string[] = [];
  for (let index = 0; index < MOST; index++) {
    const part = cookies[`${name}.${index}`];
    if (!part) break;
    parts.push(part);
  }
  return parts.length > 0 ? parts.join('') : null;
}

/** `set-cookie` lines that keep the value, and that remove the chunks which an earlier, longer value left behind. An empty value removes all. */
export function writeChunks(present: Cookies, name: string, value: string, options: CookieOptions): string[] {
  const count = Math.ceil(value.length / CHUNK);
  if (count > MOST) throw new Error(`a session needs ${count} cookies; the tokens of the OpenID provider are too large`);
  const lines: string[] = [];
  for (let index = 0; index < MOST; index++) {
    const chunk = `${name}.${index}`;
    if (index < count) lines.push(cookieLine(chunk, value.slice(index * CHUNK, (index + 1) * CHUNK), options));
    else if (present[chunk] !== undefined) lines.push(cookieRemoval(chunk, options));
  }
  return lines;
}
