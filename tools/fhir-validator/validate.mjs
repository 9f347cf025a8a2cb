#!/usr/bin/env node
// validate.mjs FOLDER   validates the FHIR R4 resources in a folder's .json files by the official definitions, offline; ends with 1 where one is not valid.
// Java 17 or newer is needed, and Maven the first time.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreground } from '../launcher/foreground.mjs';
import { mavenJars } from '../launcher/maven-jars.mjs';
import { cacheFolder, root } from '../launcher/paths.mjs';
import { run, Trouble } from '../launcher/trouble.mjs';

const here = join(root, 'tools', 'fhir-validator');

await run(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Trouble('validate.mjs FOLDER');
  const pom = join(here, 'pom.xml');
  const jars = await mavenJars({ pom, folder: join(cacheFolder, `fhir-validator-${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)}`), what: "HAPI's FHIR validator" });
  const classes = mkdtempSync(join(tmpdir(), 'fhir-validator-'));
  try {
    // Why not javac: a Java runtime has none, and nothing else here needs more than a runtime.
    const compiler = readdirSync(jars).find((name) => name.startsWith('ecj-'));
    await java(['-cp', join(jars, compiler ?? 'ecj.jar'), 'org.eclipse.jdt.internal.compiler.batch.Main', '--release', '17', '-proc:none', '-d', classes, '-cp', readdirSync(jars).map((name) => join(jars, name)).join(':'), join(here, 'Validate.java')]);
    console.log(await java(['-Xmx1g', '-cp', `${classes}:${join(jars, '*')}`, 'Validate', folder]));
  } finally {
    rmSync(classes, { recursive: true });
  }
});

/** @param {string[]} args */
async function java(args) {
  const { code, output } = await foreground('java', args);
  if (code !== 0) throw new Trouble(output.trim());
  return output.trim();
}
