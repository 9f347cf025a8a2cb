import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Who listens on a port, as "node (process 4711)"; undefined when the system does not tell us.
 * @param {number} port @returns {string | undefined} */
export function portHolder(port) {
  try {
    return process.platform === 'linux' ? fromProc(port) : fromLsof(port);
  } catch {
    return undefined;
  }
}

/** Inodes of sockets that listen on the port. @param {string} table the content of /proc/net/tcp or tcp6 @param {number} port */
export function listeningInodes(table, port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').slice(1).map((line) => line.trim().split(/\s+/)).filter((field) => field[1]?.endsWith(`:${hex}`) && field[3] === '0A').map((field) => field[9]);
}

/** @param {number} port */
function fromProc(port) {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => contentOf(path));
  const wanted = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  const pid = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((name) => socketsOf(name).some((socket) => wanted.has(socket)));
  return pid && `${contentOf(`/proc/${pid}/comm`).trim()} (process ${pid})`;
}

/** @param {number} port */
function fromLsof(port) {
  const [pid, name] = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' }).split('\n');
  return `${name.slice(1)} (process ${pid.slice(1)})`;
}

/** @param {string} pid */
function socketsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

/** @param {string} path */
function linkOf(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** @param {string} path */
function contentOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
