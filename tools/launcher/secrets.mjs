import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { services } from './services.mjs';

const roles = ['owner', 'app', 'worker'];
const password = () => randomBytes(24).toString('base64url');

/** @typedef {{ instance: string, superuser: string, masterKey: string, indexKey: string, sessionKey: string, twilioAccountSid: string, twilioAuthToken: string,
 *   clients: Record<string, string>, databaseRoles: Record<string, string> }} Secrets */

/** Keeps what is there and makes up what is missing (a new service, a first start).
 * @param {Partial<Secrets>} [kept] @returns {Secrets} */
export function completed(kept = {}) {
  return {
    instance: kept.instance ?? randomBytes(8).toString('hex'),
    superuser: kept.superuser ?? password(),
    masterKey: kept.masterKey ?? randomBytes(32).toString('base64'),
    indexKey: kept.indexKey ?? randomBytes(32).toString('base64'),
    sessionKey: kept.sessionKey ?? randomBytes(32).toString('base64'),
    twilioAccountSid: kept.twilioAccountSid ?? `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: kept.twilioAuthToken ?? randomBytes(16).toString('hex'),
    clients: { ...Object.fromEntries(services.map(({ name }) => [name, password()])), ...kept.clients },
    databaseRoles: { ...Object.fromEntries(services.flatMap(({ name }) => roles.map((role) => [`${name}_${role}`, password()]))), ...kept.databaseRoles },
  };
}

/** The secrets of a stack; made at its first start and readable by its owner only.
 * @param {string} file @returns {Secrets} */
export function secretsIn(file) {
  const secrets = completed(readKept(file));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** @param {string} file */
function readKept(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}
