import { Trouble } from './trouble.mjs';

/** Makes each service's roles and database where they are missing and sets the roles' passwords. Can be run again and again.
 * @param {{ databaseUrl: string, services: import('./services.mjs').Service[], secrets: import('./secrets.mjs').Secrets }} options */
export async function prepareDatabases({ databaseUrl, services, secrets }) {
  const { Client } = (await import('pg')).default;
  const within = async (/** @type {string} */ url, /** @type {(client: import('pg').Client) => Promise<void>} */ work) => {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
    } catch (error) {
      const hint = /** @type {{ code?: string }} */ (error).code === '28P01' ? '\nIf .slotmesh/secrets.json was changed, "npm run reset" forgets the data that the old one belonged to.' : '';
      throw new Trouble(`PostgreSQL at ${new URL(url).host} refuses the connection: ${/** @type {Error} */ (error).message}${hint}`);
    }
    await work(client).finally(() => client.end());
  };
  await within(databaseUrl, async (client) => {
    const version = Number((await client.query('SHOW server_version_num')).rows[0].server_version_num);
    if (version < 160_000) throw new Trouble(`PostgreSQL 16 or newer is needed, 18 is what is tested; ${new URL(databaseUrl).host} runs ${Math.floor(version / 10_000)}.`);
    for (const { name } of services) await prepare(client, name, secrets);
  });
  for (const { name, extensions = [] } of services) {
    if (!extensions.length) continue;
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    await within(url.href, async (client) => {
      for (const extension of extensions) await client.query(`CREATE EXTENSION IF NOT EXISTS ${client.escapeIdentifier(extension)}`);
    });
  }
}

/** @param {import('pg').Client} client @param {string} service @param {import('./secrets.mjs').Secrets} secrets */
async function prepare(client, service, secrets) {
  const [owner, app, worker] = ['owner', 'app', 'worker'].map((role) => `${service}_${role}`);
  for (const role of [owner, app, worker]) {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(secrets.databaseRoles[role])}`);
  }
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [service]);
  if (rowCount) return;
  // Why: a managed server's administrator is no superuser and must be a member to give a database away.
  await client.query(`GRANT ${owner} TO CURRENT_USER`);
  await client.query(`CREATE DATABASE ${service} OWNER ${owner}`);
  await client.query(`REVOKE ALL ON DATABASE ${service} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${service} TO ${app}, ${worker}`);
}
