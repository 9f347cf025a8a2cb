import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunksOf } from './chunks.mjs';
import { Absent, NoPublication, openPublication } from './read-publication.mjs';
import { detailsOf, summaryOf } from './report.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'slotmesh-import-spec-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Chunk = { from: number; lines: (string | null)[]; last: boolean };
async function chunks(text: string): Promise<Chunk[]> {
  writeFileSync(join(folder, 'x.ndjson'), text);
  const all: Chunk[] = [];
  for await (const chunk of chunksOf(join(folder, 'x.ndjson'))) all.push(chunk);
  return all;
}

describe('chunks of a file', () => {
  it('keep order and numbers, whatever ends the lines; only the last says so', async () => {
    expect(await chunks('a\r\nb\n\nc')).toEqual([{ from: 0, lines: ['a', 'b', '', 'c'], last: true }]);
    const many = await chunks(Array.from({ length: 2_500 }, (_, i) => String(i)).join('\n'));
    expect(many.map(({ from, lines, last }) => [from, lines.length, last])).toEqual([[0, 1_000, false], [1_000, 1_000, false], [2_000, 500, true]]);
    expect(many.flatMap(({ lines }) => lines)).toEqual(Array.from({ length: 2_500 }, (_, i) => String(i)));
    expect(await chunks('')).toEqual([{ from: 0, lines: [], last: true }]);
  });

  it('fit into one request, and a line that never ends becomes one line that was not sent', async () => {
    for (const { lines } of await chunks(Array.from({ length: 300 }, () => '"'.repeat(5_000)).join('\n'))) expect(Buffer.byteLength(JSON.stringify(lines))).toBeLessThan(1_000_000);
    expect((await chunks(`a\n${'x'.repeat(1_000_000)}\nb`)).flatMap(({ lines }) => lines)).toEqual(['a', null, 'b']);
    expect((await chunks('x'.repeat(300_000))).flatMap(({ lines }) => lines)).toEqual([null]);
  });
});

describe('a publication in a folder', () => {
  it('finds files by their first word, in the order in which they are read, and counts what the manifest names and is not there', async () => {
    for (const name of ['slots-NJ.ndjson', 'slotsheet.ndjson', 'schedules-NJ.ndjson', 'locations.ndjson', 'notes.txt', 'slots_2.ndjson']) writeFileSync(join(folder, name), name);
    writeFileSync(join(folder, 'bulk-publish.json'), '{"a":1}');
    const publication = await openPublication(folder);
    const listed = ['Location', 'Location', 'Schedule', 'Slot', 'Slot', 'Slot'].map((kind, i) => ({ kind: kind as 'Slot', url: `https://example.com/${i}` }));
    const { files, absent } = publication.files(listed);
    expect([publication.manifest, files.map(({ name }) => name), absent]).toEqual([{ a: 1 }, ['locations.ndjson', 'schedules-NJ.ndjson', 'slots-NJ.ndjson', 'slots_2.ndjson'], 2]);
    expect(await files[0]!.fetch(null)).toEqual({ path: join(folder, 'locations.ndjson'), hash: createHash('sha256').update('locations.ndjson').digest('hex'), etag: null });
  });

  it('says what is missing', async () => {
    await expect(openPublication(join(folder, 'nowhere'))).rejects.toThrow(NoPublication);
    await expect(openPublication(folder)).rejects.toThrow('bulk-publish.json');
    writeFileSync(join(folder, 'bulk-publish.json'), '[');
    await expect(openPublication(folder)).rejects.toThrow('not a JSON object');
  });
});

describe('a publication over HTTP', () => {
  let server: Server;
  let address: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      const path = request.url?.split('?')[0];
      if (path === '/gone.ndjson') response.statusCode = 404;
      response.setHeader('etag', '"v1"');
      if (request.headers['if-none-match'] === '"v1"') response.statusCode = 304;
      response.end(response.statusCode === 200 ? (path === '/$bulk-publish' ? '{"output":[]}' : 'line') : undefined);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/$bulk-publish`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  it('is fetched file by file with the ETag that is known; what has not changed is not sent again, what is gone is absent', async () => {
    const publication = await openPublication(address);
    const { files } = publication.files([{ kind: 'Slot', url: 'slots.ndjson?locale=en' }, { kind: 'Location', url: '/gone.ndjson' }]);
    expect(files.map(({ name }) => name)).toEqual(['/gone.ndjson', 'slots.ndjson?locale=en']);
    expect(await files[1]!.fetch(null)).toMatchObject({ hash: createHash('sha256').update('line').digest('hex'), etag: '"v1"' });
    expect(await files[1]!.fetch('"v1"')).toBeNull();
    await expect(files[0]!.fetch(null)).rejects.toThrow(Absent);
    publication.close();
  });
});

describe('an import', () => {
  it('that is broken off is not called refused, and says how it goes on', async () => {
    writeFileSync(join(folder, 'bulk-publish.json'), '{"output":[]}');
    const stack = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.statusCode = request.url === '/sandbox/oidc/token' ? 200 : 502;
      response.end(response.statusCode === 200 ? '{"access_token":"operator"}' : '{"code":"service-broke-off","detail":"The scheduling service broke off before it answered."}');
    });
    await new Promise<void>((listening) => stack.listen(0, '127.0.0.1', listening));
    const SLOTMESH_URL = `http://127.0.0.1:${(stack.address() as AddressInfo).port}`;
    const said = await new Promise<string>((ended) => execFile(process.execPath, [join(__dirname, 'import.mjs'), folder], { env: { ...process.env, SLOTMESH_URL } }, (error, out, err) => ended(`${String(error?.code)} ${out}${err}`)));
    stack.closeAllConnections();
    await new Promise((closed) => stack.close(closed));
    expect(said).toBe(`1 Broken off: ${SLOTMESH_URL} did not answer to the end (HTTP 502). Run the same import again: it goes on where it stopped.\n`);
  });
});

describe('the report', () => {
  const file = (kind: string, taken: number, more: object = {}) => ({ kind, name: 'n', taken, busy: 0, lines: taken, mended: {}, refused: {}, refusals: [], ...more });
  it('ends in one line that says all of it', () => {
    const files = [file('Location', 1), file('Schedule', 2), file('Slot', 1_000, { mended: { a: 2 }, refused: { b: 1 } }), file('Slot', 542, { mended: { a: 1, c: 9, d: 1, e: 1, f: 1 } })];
    expect(summaryOf(files, { absent: 14, listed: 17 })).toBe('took 1 location, 2 schedules, 1,542 slots; mended 9 (c), 3 (a), 1 (d), 1 (e), 1 by other rules; refused 1 (b); 14 of 17 files of the manifest are absent');
    expect(summaryOf([file('Slot', 0)], { absent: 0, listed: 1 })).toBe('took 0 locations, 0 schedules, 0 slots; mended nothing; refused nothing; 0 of 1 file of the manifest are absent');
  });
  it('names refused lines in order, and how many more there are', () => {
    const refusals = [7, 3, 1, 2, 9, 8].map((line) => ({ line, rule: 'r' }));
    expect(detailsOf(file('Slot', 0, { refused: { r: 60 }, refusals }))).toEqual(['refused 60: r', ...[1, 2, 3, 7, 8].map((line) => `        line ${line}: r`), '        ... and 55 more']);
  });
});
