import { createConnection, createServer } from 'node:net';

/** The one address that the provider knows: hands each connection to one of the processes that live, as a load balancer would.
 * @param {() => number[]} ports of those that live, in no order */
export async function publicAddress(ports) {
  let turn = 0;
  const open = new Set();
  const server = createServer((outside) => {
    const living = ports();
    const port = living[turn++ % Math.max(living.length, 1)];
    if (port === undefined) return void outside.destroy();
    const inside = createConnection({ host: '127.0.0.1', port });
    for (const [one, other] of [[outside, inside], [inside, outside]]) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => { open.delete(one); other.destroy(); });
      one.pipe(other);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
