import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completed, secretsIn } from './secrets.mjs';

describe('secrets', () => {
  it('are keys of 32 bytes, a well-formed account and a password for every role', () => {
    const secrets = completed();
    for (const key of [secrets.masterKey, secrets.indexKey, secrets.sessionKey]) expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(secrets.twilioAccountSid).toMatch(/^AC[0-9a-f]{32}$/);
    expect(Object.keys(secrets.databaseRoles)).toEqual(expect.arrayContaining(['scheduling_owner', 'scheduling_app', 'scheduling_worker', 'sandbox_owner']));
    expect(new Set(Object.values(secrets.databaseRoles)).size).toBe(18);
  });

  it('keep what was there and add what a newer version needs', () => {
    const { sessionKey: _, ...older } = completed();
    const kept = completed({ ...older, clients: { scheduling: 'known' } });
    expect(kept).toMatchObject({ ...older, clients: { scheduling: 'known', reminders: expect.any(String) }, sessionKey: expect.any(String) });
  });

  it('stay the same over starts, in a file for its owner only; a damaged file is not overwritten', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slotmesh-'));
    try {
      const file = join(folder, 'secrets.json');
      expect(secretsIn(file)).toEqual(secretsIn(file));
      expect(statSync(file).mode & 0o777).toBe(0o600);
      writeFileSync(file, '{"instance"');
      expect(() => secretsIn(file)).toThrow(SyntaxError);
      expect(readFileSync(file, 'utf8')).toBe('{"instance"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
