// Lets `require` load the workspace's TypeScript, compiled as the build does it (.swcrc), so that tools need no build first.
const { join } = require('node:path');
const { transformFileSync } = require('@swc/core');

const root = join(__dirname, '..', '..');
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformFileSync(filename, { cwd: root, root, configFile: join(root, '.swcrc'), sourceMaps: 'inline' });
  module._compile(code, filename);
};
process.setSourceMapsEnabled(true);
