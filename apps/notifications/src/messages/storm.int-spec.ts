import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..', '..', '..');

describe('a storm', () => {
  it('P12 P13 P14 P17: processes, broker and database are killed, the provider misbehaves, changes race the sender: nothing twice, nothing lost, nothing too late (reduced; npm run proof -- messages is the full size)', async () => {
    const args = ['messages', '--messages', '160', '--races', '80', '--rounds', '1', '--seed', '11'];
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'tools/proof/proof.mjs'), ...args], { cwd: root }).catch((error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${error.stdout ?? ''}\n${error.stderr ?? error.message}`);
    });
    expect(stdout).toMatch(/^\s+duplicates\s+0$/m);
    expect(stdout).toMatch(/^\s+lost\s+0$/m);
    expect(stdout).toMatch(/^\s+texts after a STOP was handled\s+0$/m);
    expect(stdout).toContain('proof messages: holds');
  }, 540_000);
});
