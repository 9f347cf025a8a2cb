import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
require('./register.cjs');

/** Loads a TypeScript module of the workspace by its path from the root. @param {string} path @returns {any} */
export const loadTypeScript = (path) => require(join(root, path));
/** Arguments for `node` that make a child process able to load TypeScript. */
export const typeScriptArguments = ['--require', fileURLToPath(new URL('./register.cjs', import.meta.url))];
