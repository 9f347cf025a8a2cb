import type { IdentityStandIn } from './identity-stand-in';

/** What the census of libs/security says of a route; written out here because its tests use this lib. */
interface RouteFacts {
  readonly method: string;
  readonly path: string;
  readonly permission: string | null;
  readonly publicBecause: string | null;
}

/** A service with rows of one practice in it. Who asks is made up by the matrix. */
export interface PermissionWorld {
  readonly url: string;
  readonly routes: readonly RouteFacts[];
  readonly identity: IdentityStandIn;
  /** `permissionsOfRole` of libs/security. */
  readonly permissionsOfRole: Readonly<Record<string, ReadonlySet<string>>>;
  /** The practice whose rows there are. */
  readonly owner: string;
  /** Practices that must see none of them. */
  readonly strangers: readonly string[];
  /** A request that would be right if it came from the owner; `path` names the owner's rows. */
  readonly requestOf: (route: RouteFacts) => { readonly path: string; readonly body?: unknown };
  /** Parameters of paths that name a kind of thing and no row of anybody; default none. */
  readonly kinds?: readonly string[];
  /** What no stranger may read: ids of the owner's rows. */
  readonly secrets: readonly string[];
  /** Changes whenever a row does. */
  readonly fingerprint: () => Promise<string>;
}
interface Answer {
  readonly status: number;
  readonly text: string;
}
const HIDDEN = [403, 404];

/** P22: tries every role on every route, of the owner, of strangers, of nobody, and of who says to work for another practice. What it gives are breaches in words; an empty list is right. */
export async function breachesOf(world: PermissionWorld): Promise<string[]> {
  const breaches: string[] = [];
  const secured = world.routes.filter(({ publicBecause }) => publicBecause === null);
  const roles = Object.keys(world.permissionsOfRole);
  const people = world.identity.people;
  const tokenOf = async (practice: string | null, role: string): Promise<string> => {
    if (role === 'service') return serviceToken(world.identity);
    const subject = `matrix-${role}@${practice ?? 'network'}.example`;
    people.set(subject, { practice, roles: [role] });
    return world.identity.tokenFor(subject);
  };
  const label = ({ method, path }: RouteFacts): string => `${method} ${path}`;
  const isPermitted = (role: string, { permission }: RouteFacts): boolean => permission !== null && world.permissionsOfRole[role]?.has(permission) === true;
  const say = (who: string, route: RouteFacts, { status }: Answer, expected: string): void => void breaches.push(`${who} on ${label(route)}: ${status}, expected ${expected}`);

  for (const route of secured) {
    for (const token of [null, 'eyJhbGciOiJub25lIn0.e30.']) {
      const answer = await ask(world, route, token);
      if (answer.status !== 401) say('nobody', route, answer, '401');
    }
    const unknown = await ask(world, route, await world.identity.tokenFor('frontdesk@nowhere.example'));
    if (unknown.status !== 403) say('a person whom no practice knows', route, unknown, '403');
  }
  const before = await world.fingerprint();
  // Nobody is named in an agreement here: whoever says that they work for another practice is refused, whatever the route and the role.
  for (const [from, practice] of [...world.strangers.map((stranger) => [stranger, world.owner]), [world.owner, world.strangers[0] ?? '']] as [string, string][]) {
    for (const role of roles.filter((each) => each !== 'operator' && each !== 'service')) {
      for (const route of secured) {
        const answer = await ask(world, route, await tokenOf(from, role), { 'slotmesh-for': practice });
        if (answer.status !== 403) say(`${role} of ${from} for ${practice}`, route, answer, '403');
      }
    }
  }
  for (const role of ['operator', 'service']) for (const route of secured) {
    const answer = await ask(world, route, await tokenOf(null, role), { 'slotmesh-for': world.owner });
    if (answer.status !== 403) say(`${role} for ${world.owner}`, route, answer, '403');
  }
  if ((await world.fingerprint()) !== before) return [...breaches, `somebody who says to work for ${world.owner} changed a row of it`];
  for (const practice of world.strangers) {
    for (const role of roles.filter((each) => each !== 'operator' && each !== 'service')) {
      const token = await tokenOf(practice, role);
      for (const route of secured) {
        const answer = await ask(world, route, token);
        const who = `${role} of ${practice}`;
        if (!isPermitted(role, route) && answer.status !== 403) say(who, route, answer, '403');
        else if (isPermitted(role, route) && namesRow(world, route) && !HIDDEN.includes(answer.status)) say(who, route, answer, '403 or 404');
        else if (answer.status >= 500 || answer.status === 401) say(who, route, answer, 'an answer below 500');
        // A problem names the path that was asked; that tells nobody anything new.
        const leaks = world.secrets.filter((secret) => answer.text.includes(secret) && !world.requestOf(route).path.includes(secret));
        if (leaks.length > 0) breaches.push(`${who} on ${label(route)} reads ${leaks.join(', ')}`);
        if ((await world.fingerprint()) !== before) return [...breaches, `${who} on ${label(route)} changed a row of ${world.owner}`];
      }
    }
  }
  for (const role of roles) {
    const token = await tokenOf(role === 'operator' ? null : world.owner, role);
    for (const route of secured) {
      const answer = await ask(world, route, token);
      const isMissing = answer.status === 403 && answer.text.includes('permission-missing');
      if (isMissing === isPermitted(role, route)) say(`${role} of ${world.owner}`, route, answer, isMissing ? 'to pass' : '403 permission-missing');
      if (answer.status >= 500) say(`${role} of ${world.owner}`, route, answer, 'an answer below 500');
    }
  }
  return breaches;
}

const namesRow = ({ kinds = [] }: PermissionWorld, { path }: RouteFacts): boolean => path.split('/').some((part) => part.startsWith(':') && !kinds.includes(part.slice(1)));

async function ask(world: PermissionWorld, route: RouteFacts, token: string | null, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { path, body } = world.requestOf(route);
  if (path.includes('/:')) throw new Error(`say in "requestOf" which id of ${world.owner} stands in ${route.path}`);
  const response = await fetch(world.url + path, {
    method: route.method, headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, text: await response.text() };
}

async function serviceToken(identity: IdentityStandIn): Promise<string> {
  const response = await fetch(identity.environment['OIDC_TOKEN_URL'] ?? '', { method: 'POST' });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer)) throw new Error('the stand-in gives no token');
  return String(answer.access_token);
}
