import { createReadStream } from 'node:fs';

const LONGEST_LINE = 262_144;
// Why in bytes: a request may have 1 MiB, and quotes inside the lines take two.
const CHUNK_BYTES = 400_000;
const CHUNK_LINES = 1_000;

/**
 * The lines of a file in chunks that fit one request, read as they are needed. A line that is too long to be sent is null, so that the others keep their numbers.
 * @param {string} path @returns {AsyncGenerator<{ from: number, lines: (string | null)[], last: boolean }>}
 */
export async function* chunksOf(path) {
  let from = 0;
  let bytes = 0;
  /** @type {(string | null)[]} */
  let lines = [];
  for await (const line of linesOf(path)) {
    const size = line === null ? 4 : Buffer.byteLength(JSON.stringify(line));
    if (lines.length > 0 && (bytes + size > CHUNK_BYTES || lines.length >= CHUNK_LINES)) {
      yield { from, lines, last: false };
      from += lines.length;
      [lines, bytes] = [[], 0];
    }
    lines.push(line);
    bytes += size;
  }
  yield { from, lines, last: true };
}

/** @param {string} path @returns {AsyncGenerator<string | null>} */
async function* linesOf(path) {
  let rest = '';
  let tooLong = false;
  for await (const part of createReadStream(path, { encoding: 'utf8', highWaterMark: 65_536 })) {
    const pieces = (rest + part).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield tooLong || piece.length > LONGEST_LINE ? null : piece.replace(/\r$/, '');
      tooLong = false;
    }
    // Why: a file that is one endless line must not fill the memory.
    if (rest.length > LONGEST_LINE) [rest, tooLong] = ['', true];
  }
  if (tooLong || rest.length > 0) yield tooLong || rest.length > LONGEST_LINE ? null : rest;
}
