import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = __dirname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !/\.(?:int-|e2e-)?spec\.ts$/.test(file));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Other nouns of scheduling that code about money may know. None of them counts what patients did, and a new one is added here only by somebody who has thought about P19. */
const NOUNS = ['agreements', 'http', 'practices', 'shared', 'statements'];
const TABLES = ['practice', 'shared_cost', 'cost_statement', 'cost_statement_verdict'];

describe('P19: money never follows referrals or bookings', () => {
  it('because code about statements loads nothing from appointments, referrals, holds, the wait list or the ledger, nor from any other noun than agreements and practices', () => {
    const foreign = files.flatMap((file) => [...textOf(file).matchAll(/from '(\.[^']+)'/g)].map(([, path]) => relative(join(root, '..'), join(root, file, '..', path!)).split('/')[0]!).filter((noun) => !NOUNS.includes(noun)).map((noun) => `${file}: ${noun}`));
    expect(files.length).toBeGreaterThan(10);
    expect(foreign).toEqual([]);
  });

  it('because its SQL names no table but those of agreements, practices and costs', () => {
    const foreign = files.flatMap((file) => [...textOf(file).matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)\b/g)].map(([, table]) => table!).filter((table) => !TABLES.includes(table)).map((table) => `${file}: ${table}`));
    expect(foreign).toEqual([]);
  });
});
