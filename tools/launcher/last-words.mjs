import { readFileSync } from 'node:fs';

/** What a log ends with, for a message about what went wrong: errors if there are any among its last lines, else these lines.
 * @param {string} log @param {number} [count] */
export function lastWords(log, count = 15) {
  try {
    return tellingLines(readFileSync(log, 'utf8'), count).join('\n');
  } catch {
    return '';
  }
}

/** @param {string} text lines of plain text and of JSON with a numeric level, 50 and above being errors @param {number} count @returns {string[]} */
export function tellingLines(text, count) {
  const last = text.trimEnd().split('\n').slice(-100).map(readLine);
  const telling = last.filter(({ tells }) => tells);
  return (telling.length ? telling : last).slice(-count).map(({ shown }) => shown.slice(0, 300));
}

/** @param {string} line @returns {{ tells: boolean, shown: string }} */
function readLine(line) {
  try {
    const { level, msg, context } = JSON.parse(line);
    return { tells: level >= 50, shown: [context, msg].filter(Boolean).join(': ') || line };
  } catch {
    return { tells: line.trim() !== '' && !/^\s+at /.test(line) && !/^\d{4}-\d\d-\d\d .*\b(INFO|LOG|DEBUG)\b/.test(line), shown: line };
  }
}
