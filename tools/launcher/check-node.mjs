import { readFileSync } from 'node:fs';

/** @param {string} found as in process.versions.node @param {string} wanted as in engines: ">=20.19" */
export function nodeIsNewEnough(found, wanted) {
  const [major, minor] = found.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.replace('>=', '').split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Ends the process with a message when Node is too old.
 * Why on its own: an old Node cannot even load the rest. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).engines.node;
  if (nodeIsNewEnough(process.versions.node, wanted)) return;
  console.error(`\nSlotmesh needs Node ${wanted}; this is ${process.versions.node}.\nInstall a newer Node from https://nodejs.org and start again.\n`);
  process.exit(1);
}
