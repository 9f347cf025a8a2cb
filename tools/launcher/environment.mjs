import { servicesIn } from './services.mjs';

/** What a person may set for all services; everything else of the environment passes through untouched. */
const free = ['PUBLIC_URL', 'LOG_LEVEL', 'HOST', 'OIDC_ISSUER', 'OIDC_JWKS_URI', 'OIDC_TOKEN_URL', 'OIDC_AUDIENCE', 'SERVICE_CLIENT_IDS', 'SMART_TOKEN_URL', 'TWILIO_BASE_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'SMTP_URL'];

/** Without the sandbox these have no default. */
export const neededInProduction = ['PUBLIC_URL', 'OIDC_ISSUER', 'OIDC_JWKS_URI', 'OIDC_TOKEN_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'SMTP_URL'];

/** @typedef {{ mode: string, ports: Record<string, number>, secrets: import('./secrets.mjs').Secrets, databaseUrl: string, kafkaBrokers: string, given?: NodeJS.ProcessEnv }} StackChoice */

/** The variables of one service.
 * @param {string} name @param {StackChoice} stack @returns {Record<string, string>} */
export function environmentOf(name, { mode, ports, secrets, databaseUrl, kafkaBrokers, given = {} }) {
  const at = (/** @type {string} */ service) => `http://127.0.0.1:${ports[service]}`;
  const sandbox = mode === 'sandbox';
  const publicUrl = given.PUBLIC_URL || `http://localhost:${ports.gateway}`;
  const chosen = Object.fromEntries(free.flatMap((key) => (given[key] ? [[key, String(given[key])]] : [])));
  const local = sandbox && {
    SANDBOX_URL: at('sandbox'),
    CLOCK_URL: `${at('sandbox')}/sandbox/clock`,
    OIDC_ISSUER: `${publicUrl}/sandbox/oidc`,
    OIDC_JWKS_URI: `${at('sandbox')}/sandbox/oidc/jwks`,
    OIDC_TOKEN_URL: `${at('sandbox')}/sandbox/oidc/token`,
    // Why another: systems of practices reach the provider from outside.
    SMART_TOKEN_URL: `${publicUrl}/sandbox/oidc/token`,
    TWILIO_BASE_URL: at('sandbox'),
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    SMTP_URL: `smtp://127.0.0.1:${ports['sandbox mail']}`,
  };
  return {
    MODE: mode,
    PUBLIC_URL: publicUrl,
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    OPS_PORT: String(ports[`${name} ops`]),
    ROLE: 'all',
    LOG_LEVEL: 'info',
    KAFKA_BROKERS: kafkaBrokers,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    DATABASE_OWNER_URL: roleUrl(databaseUrl, name, 'owner', secrets),
    DATABASE_APP_URL: roleUrl(databaseUrl, name, 'app', secrets),
    DATABASE_WORKER_URL: roleUrl(databaseUrl, name, 'worker', secrets),
    OIDC_AUDIENCE: 'slotmesh',
    CLIENT_ID: name,
    CLIENT_SECRET: secrets.clients[name],
    SCHEDULING_URL: at('scheduling'),
    REMINDERS_URL: at('reminders'),
    NOTIFICATIONS_URL: at('notifications'),
    CAPACITY_URL: at('capacity'),
    INDEX_KEY: secrets.indexKey,
    ...local,
    ...chosen,
    ...(name === 'scheduling' && { MASTER_KEY: secrets.masterKey }),
    ...(name === 'gateway' && { SESSION_KEY: secrets.sessionKey }),
    ...(name === 'sandbox' && {
      SMTP_PORT: String(ports['sandbox mail']),
      CLOCK_MEMBERS: servicesIn(mode).map((service) => `http://127.0.0.1:${ports[`${service.name} ops`]}`).join(','),
      SERVICE_CLIENTS: JSON.stringify(secrets.clients),
    }),
  };
}

/** @param {string} databaseUrl of a superuser @param {string} service @param {string} role @param {import('./secrets.mjs').Secrets} secrets */
function roleUrl(databaseUrl, service, role, secrets) {
  const url = new URL(databaseUrl);
  url.username = `${service}_${role}`;
  url.password = secrets.databaseRoles[`${service}_${role}`];
  url.pathname = `/${service}`;
  return url.href;
}
