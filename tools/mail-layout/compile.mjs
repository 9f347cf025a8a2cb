#!/usr/bin/env node
// node tools/mail-layout/compile.mjs [--check]   writes the layout of mails from its MJML, after every change of it; --check only compares and fails where that was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import { compileLayout } from './compile-layout.mjs';

const folder = new URL('../../apps/notifications/src/templates/', import.meta.url);
const target = new URL('mail-layout.ts', folder);
const html = await compileLayout(readFileSync(new URL('mail-layout.mjml', folder), 'utf8'));
const content = `// Made from mail-layout.mjml by tools/mail-layout/compile.mjs: change that, not this.\nexport const MAIL_LAYOUT = ${JSON.stringify(html)};\n`;
if (!process.argv.includes('--check')) writeFileSync(target, content);
else if (readFileSync(target, 'utf8') !== content) {
  console.error('mail-layout.ts is not what mail-layout.mjml says; run "node tools/mail-layout/compile.mjs".');
  process.exitCode = 1;
}
