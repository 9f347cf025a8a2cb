#!/usr/bin/env node
// node tools/mail-layout/compile.mjs   writes the layout of mails from its MJML. Run after every change of mail-layout.mjml; a test fails where it was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import { compileLayout } from './compile-layout.mjs';

const folder = new URL('../../apps/notifications/src/templates/', import.meta.url);
const html = await compileLayout(readFileSync(new URL('mail-layout.mjml', folder), 'utf8'));
writeFileSync(new URL('mail-layout.ts', folder), `// Made from mail-layout.mjml by tools/mail-layout/compile.mjs: change that, not this.\nexport const MAIL_LAYOUT = ${JSON.stringify(html)};\n`);
