import { beginFromStat, beginOf, isAlive, recordOf } from './process-identity.mjs';
import { judge } from './run-record.mjs';
import { backoff } from './supervisor.mjs';

const record = (name: string, pid: number) => ({ name, pid, begin: '1' });
const run = { launcher: record('launcher', 1), children: [record('kafka', 2), record('postgres', 3)] };

describe('judge', () => {
  it('finds nothing where nothing was written down', () => {
    expect(judge(undefined, () => true)).toEqual({ running: undefined, orphans: [] });
  });

  it('leaves the children of a living launcher alone', () => {
    expect(judge(run, () => true)).toEqual({ running: run.launcher, orphans: [] });
  });

  it('names those children of a killed launcher that still run', () => {
    expect(judge(run, ({ pid }) => pid === 3)).toEqual({ running: undefined, orphans: [run.children[1]] });
  });
});

describe('process identity', () => {
  it('knows this process and not another one with its id', () => {
    expect(isAlive(recordOf('me', process.pid))).toBe(true);
    expect(isAlive({ pid: process.pid, begin: '1' })).toBe(false);
    expect(beginOf(2 ** 22 + 1)).toBeUndefined();
  });

  it('reads past names with spaces and brackets and counts a zombie as gone', () => {
    const fields = (state: string) => `42 (a) b (c) ${state} ${Array.from({ length: 40 }, (_, index) => index + 4).join(' ')}`;
    expect(beginFromStat(fields('S'))).toBe('22');
    expect(beginFromStat(fields('Z'))).toBeUndefined();
  });
});

describe('backoff', () => {
  it('grows to ten seconds and no further', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(backoff)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});
