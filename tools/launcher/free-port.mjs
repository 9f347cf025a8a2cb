import { createServer } from 'node:net';

/** Ports on 127.0.0.1 that nobody uses, all different.
 * @param {number} count @returns {Promise<number[]>} */
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, '127.0.0.1')));
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map(close));
  return ports;
}

/** Can we have this port? Also asked for ::1: a browser that is told "localhost" may go there first.
 * @param {number} port @returns {Promise<boolean>} */
export const isFree = async (port) => (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'));

/** @param {number} port @param {string} host */
async function canListen(port, host) {
  try {
    await close(await listen(port, host));
    return true;
  } catch (error) {
    // Why: a system without IPv6 has nobody on ::1.
    return host === '::1' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '');
  }
}

/** @param {number} port @param {string} host @returns {Promise<import('node:net').Server>} */
function listen(port, host) {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen({ port, host, exclusive: true }, () => done(server));
  });
}

/** @param {import('node:net').Server} server */
const close = (server) => new Promise((done) => server.close(done));
