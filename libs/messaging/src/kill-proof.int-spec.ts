import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..', '..');

describe('kill -9 in the middle of a stream', () => {
  it('P9 P10: of relay, consumer and broker loses nothing, repeats no effect and keeps the order (reduced; npm run proof -- events is the full size)', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'tools/proof/proof.mjs'), 'events', '--events', '1500', '--keys', '60', '--rounds', '1'], { cwd: root }).catch((error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${error.stdout ?? ''}\n${error.stderr ?? error.message}`);
    });
    expect(stdout).toMatch(/^\s+effects\s+1500$/m);
    expect(stdout).toContain('proof events: holds');
  }, 300_000);
});
