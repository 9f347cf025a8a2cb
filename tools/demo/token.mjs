#!/usr/bin/env node
// npm run -s token -- frontdesk@harbor.example   prints a bearer token of an invented person of the sandbox, and nothing else.
// SLOTMESH_URL or PUBLIC_URL says where the stack runs (default http://localhost:8080).
const [person] = process.argv.slice(2);
const stack = (process.env.SLOTMESH_URL ?? process.env.PUBLIC_URL ?? 'http://localhost:8080').replace(/\/+$/, '');

try {
  if (!person) throw new Error('Say whose token you want: npm run -s token -- frontdesk@harbor.example');
  console.log(await tokenOf(person));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** @param {string} email */
async function tokenOf(email) {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'slotmesh-cli', username: email, password: 'slotmesh' });
  const response = await fetch(`${stack}/sandbox/oidc/token`, { method: 'POST', body: form, signal: AbortSignal.timeout(10_000) }).catch(() => {
    throw new Error(`No stack answers at ${stack}. Start one with "npm start", or say where it runs with PUBLIC_URL.`);
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok && typeof answer.access_token === 'string') return answer.access_token;
  if (answer.error === 'invalid_grant') {
    throw new Error(`Nobody is called ${email} here. Known are frontdesk@, manager@, clinician@ and auditor@ of harbor.example, summit.example, desert.example and lakeside.example, and operator@network.example.`);
  }
  if (response.status === 404) throw new Error(`The stack at ${stack} has no sandbox: in production, sign in at your own OpenID provider.`);
  throw new Error(`The sandbox at ${stack} gave no token (HTTP ${response.status}${answer.error ? `, ${answer.error}` : ''}). Is the stack still starting? Try again in a moment.`);
}
