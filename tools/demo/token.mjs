#!/usr/bin/env node
// npm run -s token -- frontdesk@harbor.example   prints a bearer token of an invented person of the sandbox, and nothing else.
// npm run -s token -- harbor-ehr [SCOPE ...]      one of harbor's practice system, for FHIR (SMART Backend Services; default: all that there is).
// SLOTMESH_URL or PUBLIC_URL says where the stack runs (default http://localhost:8080).
import { systemToken } from './smart-client.mjs';
import { Refused, stackUrl, tokenOf } from './stack.mjs';

const [person, ...scopes] = process.argv.slice(2);

try {
  if (!person) throw new Error('Say whose token you want: npm run -s token -- frontdesk@harbor.example');
  console.log(person.includes('@') ? await tokenOf(person) : await systemToken(person, scopes));
} catch (error) {
  console.error(error instanceof Refused ? whyNot(error) : error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** @param {Refused} refused */
function whyNot({ status, problem }) {
  if (problem?.code === 'invalid_grant') {
    return `Nobody is called ${person} here. Known are frontdesk@, manager@, owner@, clinician@ and auditor@ of harbor.example, summit.example, desert.example and lakeside.example, and operator@network.example.`;
  }
  if (status === 404) return `The stack at ${stackUrl} has no sandbox: in production, sign in at your own OpenID provider.`;
  return `The sandbox at ${stackUrl} gave no token (HTTP ${status}${problem?.code ? `, ${problem.code}` : ''}). Is the stack still starting? Try again in a moment.`;
}
