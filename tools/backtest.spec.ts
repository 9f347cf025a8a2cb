import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
const sample = join(root, 'apps/capacity/test/samples/demand/invented-daily.csv');
const backtest = (...said: string[]): { code: number | null; out: string; error: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/backtest.mjs'), ...said], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
};

describe('npm run backtest', () => {
  it('P18: prints the figures of every method and of the chosen one, as a table and as JSON', () => {
    const said = [sample, '--horizon', '10', '--first', '400'];
    const { out, code } = backtest(...said, '--json');
    const report = JSON.parse(out) as { origins: number; methods: { method: string }[]; chosen: { wape: number; mase: number; coverage80: number; coverage95: number } };
    expect([code, report.origins, report.methods.length]).toEqual([0, 23, 6]);
    const row = ([report.chosen.wape.toFixed(4), report.chosen.mase.toFixed(3), report.chosen.coverage80.toFixed(3), report.chosen.coverage95.toFixed(3)]).join('  ');
    const table = backtest(...said).out;
    expect(table).toContain(row);
    for (const { method } of report.methods) expect(table).toContain(`\n${method} `);
  });

  it('ends with one sentence where a file or an option is wrong', () => {
    const wrong = [[], ['nowhere.csv', '--horizon', '3'], [sample], [sample, '--horizon', 'two'], [sample, '--horizon', '3', '--value', 'nothing'], [sample, '--horizon', '600'], [sample, '--horizon', '3', '--fast'], [join(root, 'package-lock.json'), '--horizon', '3']];
    for (const said of wrong) {
      const { code, out, error } = backtest(...said);
      expect([said, code, out, error.trim().split('\n').length]).toEqual([said, 1, '', 1]);
    }
    expect(backtest('--help').out).toContain('--half-day COLUMN');
  });
});
