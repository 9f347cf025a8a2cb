import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Shows new lines of the logs on the screen, each with the name of its service. Returns what stops it.
 * @param {string} logs @param {string[]} names */
export function followLogs(logs, names) {
  const read = new Map(names.map((name) => [name, sizeOf(join(logs, `${name}.log`))]));
  const timer = setInterval(() => {
    for (const name of names) {
      const file = join(logs, `${name}.log`);
      const from = read.get(name) ?? 0;
      const text = newLines(file, from);
      read.set(name, from + Buffer.byteLength(text));
      if (text) process.stdout.write(text.trimEnd().replace(/^/gm, `${name} | `) + '\n');
    }
  }, 250);
  return () => clearInterval(timer);
}

/** Whole lines only. @param {string} file @param {number} from */
function newLines(file, from) {
  const size = sizeOf(file);
  if (size <= from) return '';
  const piece = Buffer.alloc(size - from);
  const fd = openSync(file, 'r');
  readSync(fd, piece, 0, piece.length, from);
  closeSync(fd);
  const text = piece.toString();
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** @param {string} file */
const sizeOf = (file) => (existsSync(file) ? statSync(file).size : 0);
