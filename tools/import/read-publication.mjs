// Where a publication comes from: a folder with bulk-publish.json, or the address of its manifest. Either gives the manifest and its files, one by one.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** @typedef {'Location' | 'Schedule' | 'Slot'} Kind */
/** One file: `fetch` gives its bytes on disk with their SHA-256, or null where they are what `known` says (an ETag that still holds).
 * @typedef {{ kind: Kind, name: string, fetch: (knownEtag: string | null) => Promise<{ path: string, hash: string, etag: string | null } | null> }} FeedFile */
/** @typedef {{ manifest: Record<string, unknown>, files: (kinds: { kind: Kind, url: string }[]) => { files: FeedFile[], absent: number }, close: () => void }} Publication */

const FIRST_WORD = /** @type {const} */ ([['locations', 'Location'], ['schedules', 'Schedule'], ['slots', 'Slot']]);
/** @type {readonly Kind[]} */
const ORDER = ['Location', 'Schedule', 'Slot'];

export class NoPublication extends Error {}

/** @param {string} place @returns {Promise<Publication>} */
export const openPublication = (place) => (/^https?:\/\//i.test(place) ? overHttp(place) : fromFolder(place));

/** @param {string} folder @returns {Promise<Publication>} */
async function fromFolder(folder) {
  const manifestFile = join(folder, 'bulk-publish.json');
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new NoPublication(`There is no folder ${folder}.`);
  if (!existsSync(manifestFile)) throw new NoPublication(`${folder} has no bulk-publish.json, the manifest of a publication.`);
  const files = readdirSync(folder).sort().flatMap((name) => FIRST_WORD.filter(([word]) => new RegExp(`^${word}(?![a-z]).*\\.ndjson$`, 'i').test(name)).map(([, kind]) => ({
    kind, name, fetch: async () => ({ path: join(folder, name), hash: await hashOf(join(folder, name)), etag: null }),
  })));
  return {
    manifest: jsonOf(readFileSync(manifestFile, 'utf8'), manifestFile),
    files(listed) {
      const absent = ORDER.reduce((sum, kind) => sum + Math.max(0, countOf(listed, kind) - countOf(files, kind)), 0);
      return { files: inOrder(files), absent };
    },
    close() {},
  };
}

/** @param {string} address @returns {Promise<Publication>} */
async function overHttp(address) {
  const folder = mkdtempSync(join(tmpdir(), 'slotmesh-import-'));
  const response = await get(address, 'application/json', null);
  if (!response.ok) throw new NoPublication(`${address} answers ${response.status}.`);
  const manifest = jsonOf(await response.text(), address);
  return {
    manifest,
    files: (listed) => ({ absent: 0, files: inOrder(listed).map(({ kind, url }, index) => ({ kind, name: url, fetch: (knownEtag) => download(new URL(url, address).href, join(folder, `${index}.ndjson`), knownEtag) })) }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param {string} url @param {string} path @param {string | null} knownEtag */
async function download(url, path, knownEtag) {
  const response = await get(url, 'application/fhir+ndjson', knownEtag);
  if (response.status === 304) return null;
  if (response.status === 404 || response.status === 410) throw new Absent(url);
  if (!response.ok || !response.body) throw new NoPublication(`${url} answers ${response.status}. What was taken stays; run the import again to go on.`);
  await pipeline(Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (response.body)), createWriteStream(path));
  return { path, hash: await hashOf(path), etag: response.headers.get('etag') };
}

/** The manifest names it, and nothing is there. */
export class Absent extends Error {}

/** @param {string} url @param {string} accept @param {string | null} etag */
async function get(url, accept, etag) {
  try {
    return await fetch(url, { headers: { accept, ...(etag ? { 'if-none-match': etag } : {}) }, signal: AbortSignal.timeout(120_000) });
  } catch (error) {
    throw new NoPublication(`${url} does not answer (${error instanceof Error ? (/** @type {{ code?: string }} */ (error.cause ?? {}).code ?? error.message) : error}).`);
  }
}

/** @param {string} text @param {string} where */
function jsonOf(text, where) {
  try {
    const manifest = JSON.parse(text);
    if (typeof manifest === 'object' && manifest !== null) return manifest;
  } catch {}
  throw new NoPublication(`${where} is no manifest: not a JSON object.`);
}

/** @param {string} path */
async function hashOf(path) {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest('hex');
}

/** @param {{ kind: string }[]} list @param {string} kind */
const countOf = (list, kind) => list.filter((one) => one.kind === kind).length;
/** @template {{ kind: Kind }} T @param {T[]} list */
const inOrder = (list) => [...list].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
/** @param {string} name */
export const shortName = (name) => basename(name.split('?')[0] ?? name);
