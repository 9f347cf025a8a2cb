#!/usr/bin/env node
// npm run proof -- NAME [--option value ...]   proves one promise at full size, on servers of its own that are removed afterwards.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run, Trouble } from '../launcher/trouble.mjs';

await run(async () => {
  const [name, ...options] = process.argv.slice(2);
  const names = readdirSync(new URL('.', import.meta.url)).filter((file) => /^[a-z-]+\.mjs$/.test(file) && file !== 'proof.mjs').map((file) => file.replace('.mjs', ''));
  const file = new URL(`./${name}.mjs`, import.meta.url);
  if (!name || !names.includes(name) || !existsSync(fileURLToPath(file))) throw new Trouble(`Usage: npm run proof -- NAME\nProofs: ${names.join(', ')}`);
  const { prove } = await import(file.href);
  return (await prove(options)) ? 0 : 1;
});
