import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..', '..', '..');

describe('a storm', () => {
  it('P12 P13 P14 P17: processes, broker and database are killed, the provider misbehaves, changes race the sender: nothing twice, nothing lost, nothing too late (reduced; npm run proof -- messages is the full size)', async () => {
    const args = ['messages', '--messages', '160', '--races', '80', '--rounds', '1', '--seed', '11'];
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'tools/proof/proof.mjs'), ...args], { cwd: root }).catch((error: Error & { stdout?: string; stderr?: string }) => {
      // Why the judgement first: of a long failure only the first lines are shown.
      const said = `${error.stdout ?? ''}\n${error.stderr ?? error.message}`;
      throw new Error(`${said.split('\n').filter((line) => /FAULT|BROKEN|^\S*Error/.test(line)).join('\n')}\n${said}`);
    });
    expect(stdout).toMatch(/^\s+duplicates\s+0$/m);
    expect(stdout).toMatch(/^\s+lost\s+0$/m);
    expect(stdout).toMatch(/^\s+texts after a STOP was handled\s+0$/m);
    expect(stdout).toContain('proof messages: holds');
  }, 540_000);
});
