#!/usr/bin/env node
// npm run -s import -- <manifest URL or folder> [--practice CODE] [--name NAME]
// Reads a SMART Scheduling Links publication into the running stack as a partner's openings. Can be killed and run again; run twice it changes nothing.
import { parseArgs } from 'node:util';
import { Refused, signIn, stackUrl } from '../demo/stack.mjs';
import { chunksOf } from './chunks.mjs';
import { Absent, NoPublication, openPublication, shortName } from './read-publication.mjs';
import { detailsOf, number, summaryOf } from './report.mjs';

const connections = '/api/scheduling/v1/connections';
const OPERATOR = process.env.SLOTMESH_OPERATOR ?? 'operator@network.example';
const PROGRESS_AFTER_MS = 2_000;

/** @param {string} text */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

/** Sends a file chunk by chunk; lines that the service has from a run that was cut short are passed over by it.
 * @param {Awaited<ReturnType<typeof signIn>>} operator @param {string} connection @param {import('./read-publication.mjs').FeedFile} file @param {{ path: string, hash: string, etag: string | null }} bytes @param {number} known lines that the service has */
async function send(operator, connection, file, bytes, known) {
  let shownAt = Date.now();
  let taken;
  for await (const { from, lines, last } of chunksOf(bytes.path)) {
    if (!last && from + lines.length <= known) continue;
    taken = await operator('POST', `${connections}/${connection}/files`, { kind: file.kind, name: file.name, hash: bytes.hash, ...(bytes.etag ? { etag: bytes.etag } : {}), from, lines, last });
    if (Date.now() - shownAt > PROGRESS_AFTER_MS) {
      shownAt = Date.now();
      progress(`  ${shortName(file.name)}: ${number(from + lines.length)} lines, ${number(taken.taken)} taken …`);
    }
  }
  return taken;
}

async function main() {
  const { positionals: [place], values } = parseArgs({ allowPositionals: true, options: { practice: { type: 'string' }, name: { type: 'string' } } });
  if (!place) throw new NoPublication('Say what to import: npm run -s import -- <manifest URL or folder> [--practice CODE] [--name NAME]');
  const began = Date.now();
  const publication = await openPublication(place);
  try {
    const operator = await signIn(OPERATOR);
    const connection = await operator('POST', connections, { manifest: publication.manifest, ...(values.practice ? { practice: values.practice } : {}), ...(values.name ? { name: values.name } : {}) });
    const before = (await operator('GET', `${connections}/${connection.id}`)).files;
    const { files, absent } = publication.files(connection.manifestFiles);
    console.log(`${connection.address} -> ${connection.practice} at ${stackUrl} (published ${connection.publishedAt})`);
    const reports = [];
    let missing = absent;
    for (const file of files) {
      // Why asked anew where a file changed: what hangs on it is read again.
      const changed = reports.some(({ isNew }) => isNew);
      const known = (changed ? (await operator('GET', `${connections}/${connection.id}`)).files : before).find((/** @type {{ kind: string, name: string }} */ one) => one.kind === file.kind && one.name === file.name);
      const bytes = await file.fetch(known?.state === 'taken' ? known.etag : null).catch((error) => {
        if (!(error instanceof Absent)) throw error;
        missing += 1;
        return undefined;
      });
      if (bytes === undefined) continue;
      const isSame = bytes === null || (known?.state === 'taken' && known.hash === bytes.hash);
      const goesOn = known?.state === 'reading' && known.hash === bytes?.hash ? known.lines : 0;
      const report = isSame ? known : await send(operator, connection.id, file, bytes, goesOn);
      reports.push({ ...report, isNew: !isSame });
      progress('');
      console.log(`  ${shortName(file.name)}: ${number(report.taken)} taken of ${number(report.lines)} lines${isSame ? ' (unchanged since the last import)' : goesOn > 0 ? ` (went on at line ${number(goesOn + 1)})` : ''}`);
      for (const line of detailsOf(report)) console.log(`      ${line}`);
    }
    console.log(`  in ${((Date.now() - began) / 1_000).toFixed(1)} s`);
    console.log(summaryOf(reports, { absent: missing, listed: connection.manifestFiles.length }));
  } finally {
    publication.close();
  }
}

main().catch((error) => {
  progress('');
  console.error(whyNot(error));
  process.exitCode = 1;
});

/** @param {Error} error */
function whyNot(error) {
  if (!(error instanceof Refused)) return error.message;
  // Nobody refused: the service went away in the middle of a chunk. What it kept of it is passed over the next time.
  return error.status >= 502 ? `Broken off: ${stackUrl} did not answer to the end (HTTP ${error.status}). Run the same import again: it goes on where it stopped.` : `Refused: ${error.message}`;
}
