import { createServer } from 'node:net';
import { freePorts } from './free-port.mjs';
import { checkPorts, shortages } from './requirements.mjs';

const gib = 1024 ** 3;

describe('shortages', () => {
  it('are none where there is room', () => {
    expect(shortages({ memory: 4 * gib, disks: [{ folder: '/data', free: 9 * gib, needed: gib }] })).toEqual([]);
  });

  it('name what is short, how much is there and how much is needed', () => {
    const found = shortages({ memory: 0.7 * gib, disks: [{ folder: '/data', free: 0.3 * gib, needed: 2.5 * gib }] });
    expect(found).toEqual([expect.stringMatching(/^Memory: .*1\.5 GiB and 0\.7 GiB/), expect.stringMatching(/^Disk: \/data needs about 2\.5 GiB and has 0\.3 GiB/)]);
  });
});

describe('checkPorts', () => {
  it('names a busy port, what wanted it and who has it', async () => {
    const [port = 0, other = 0] = await freePorts(2);
    const server = createServer();
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    try {
      await expect(checkPorts([['gateway', port], ['kafka', other]])).rejects.toThrow(new RegExp(`Busy port:\\n +${port} +wanted for gateway, used by .+`));
    } finally {
      await new Promise((done) => server.close(done));
    }
    await expect(checkPorts([['gateway', port], ['kafka', other]])).resolves.toBeUndefined();
  });
});
