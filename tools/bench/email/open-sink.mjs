import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @returns {Promise<{ port: number, taken: () => Promise<number>, close: () => void }>} */
export async function openSink() {
  const child = fork(fileURLToPath(new URL('sink.mjs', import.meta.url)));
  const [{ port }] = await once(child, 'message');
  return {
    port,
    taken: async () => {
      child.send('count');
      const [{ taken }] = await once(child, 'message');
      return taken;
    },
    close: () => void child.disconnect(),
  };
}
