#!/usr/bin/env node
// npm run contracts [-- --check]   writes docs/contracts/: JSON Schema per event and AsyncAPI 3 from libs/contracts, OpenAPI 3.1 per service from its routes.
// --check only compares and fails on drift.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, Trouble } from '../launcher/trouble.mjs';
import { loadTypeScript } from '../typescript/load.mjs';
import { asyncApiOf } from './asyncapi.mjs';
import { schemaOf } from './json-schema.mjs';
import { documentedServices, openApiDocument } from './openapi.mjs';
import { topicsDrift } from './topics.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'docs', 'contracts');

await run(async () => {
  const check = process.argv.includes('--check');
  const { eventRegistry } = loadTypeScript('libs/contracts/src/index.ts');
  const definitions = [...eventRegistry.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  const topics = JSON.parse(readFileSync(join(root, 'infra', 'kafka', 'topics.json'), 'utf8'));
  const files = new Map(/** @type {[string, object][]} */ ([
    ...definitions.map((definition) => [`${definition.type}.schema.json`, schemaOf(definition)]),
    ['asyncapi.json', asyncApiOf(definitions, topics)],
  ]));
  for (const service of documentedServices) files.set(`openapi/${service}.json`, await openApiDocument(service, root));
  const wrong = topicsDrift(definitions, topics);
  if (wrong.length > 0) throw new Trouble(`infra/kafka/topics.json and libs/contracts differ:\n${wrong.join('\n')}`);

  const drift = [...files].filter(([name, content]) => !existsSync(join(folder, name)) || readFileSync(join(folder, name), 'utf8') !== textOf(content)).map(([name]) => name);
  const stale = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json') && !files.has(name)) : [];
  if (check) {
    if (drift.length + stale.length > 0) throw new Trouble(`docs/contracts is not what the events and routes say; run "npm run contracts" and look at the difference:\n${[...drift, ...stale].join('\n')}`);
    console.log(`contracts: ${definitions.length} events, ${documentedServices.length} services, no drift`);
    return;
  }
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), textOf(content));
  }
  for (const name of stale) rmSync(join(folder, name));
  console.log(`${relative(process.cwd(), folder)}: ${definitions.length} events, ${documentedServices.length} services, ${drift.length} written anew, ${stale.length} removed`);
});

/** @param {unknown} content */
function textOf(content) {
  return `${JSON.stringify(content, null, 2)}\n`;
}
