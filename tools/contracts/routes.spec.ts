import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routesIn } from './routes.mjs';

const root = join(__dirname, '..', '..');
const folders = ['libs', ...readdirSync(join(root, 'apps')).map((app) => `apps/${app}`)];

describe('routesIn', () => {
  it('finds a docstring on every route of every service', () => {
    const routes = routesIn(root, folders);
    expect(routes.length).toBeGreaterThan(100);
    expect(routes.filter((route) => route.docstring === null).map((route) => route.place)).toEqual([]);
  });

  it('reads docstrings of several lines, routes in a function, and what is taken by name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'routes-'));
    try {
      writeFileSync(join(folder, 'a.controller.ts'), `export function of() {
        class AController {
          /**
           * Does it. 409 where it is \`done\`
           * already.
           */
          @Post(':id')
          @HttpCode(201)
          run(@Headers('if-match') seen: string | undefined, @Headers('x-sign') sign: string, @ZodBody(body) _: unknown) {}

          @Get()
          bare() {}
          /** No route. */
          own() {}
        }
      }`);
      expect(routesIn(folder, ['.'])).toEqual([
        { operation: 'A.run', place: 'a.controller.ts:9', docstring: 'Does it. 409 where it is `done` already.', inputs: [{ in: 'header', name: 'if-match', required: false }, { in: 'header', name: 'x-sign', required: true }] },
        { operation: 'A.bare', place: 'a.controller.ts:12', docstring: null, inputs: [] },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
