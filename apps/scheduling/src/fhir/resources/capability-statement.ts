import { type SmartScope, joinedScope } from '@slotmesh/security';
import type { z } from 'zod';
import { type SearchedType, patientSearch, searches } from '../search/searches';
import { type SearchType, searchTypes } from '../search/values';
import type { Coding } from './r4';

/** A route as the census of routes tells it. */
export interface Route { readonly method: string; readonly path: string; readonly permission: string | null; readonly scope: SmartScope | null }
type Interaction = 'read' | 'search-type' | 'update';
interface SearchParam { readonly name: string; readonly type: SearchType; readonly documentation: string }
interface Operation { readonly name: string; readonly definition: string; readonly documentation: string }
export interface CapabilityResource {
  readonly type: string;
  readonly documentation: string;
  readonly interaction: readonly { readonly code: Interaction }[];
  readonly versioning: 'versioned' | 'no-version';
  readonly searchParam?: readonly SearchParam[];
  readonly operation?: readonly Operation[];
}

export interface CapabilityStatement {
  readonly resourceType: 'CapabilityStatement';
  readonly status: 'active';
  readonly date: string;
  readonly kind: 'instance';
  readonly software: { readonly name: 'Slotmesh' };
  readonly implementation: { readonly description: string; readonly url: string };
  readonly fhirVersion: '4.0.1';
  readonly format: readonly ['application/fhir+json', 'json'];
  readonly rest: readonly [{
    readonly mode: 'server';
    readonly documentation: string;
    readonly security: { readonly cors: false; readonly service: readonly [{ readonly coding: readonly [Coding] }]; readonly description: string };
    readonly resource: readonly CapabilityResource[];
  }];
}

const DEFINITIONS = 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition';
/** Their parameters are those of IHE ITI-115 to ITI-117 and of Argonaut Scheduling; `$hold` and `$book` answer the Appointment itself. */
const operations: Readonly<Record<string, Omit<Operation, 'name'>>> = {
  find: { definition: `${DEFINITIONS}/appointment-find`, documentation: 'Times that could be booked, as proposed Appointments.' },
  hold: { definition: `${DEFINITIONS}/appointment-hold`, documentation: 'Keeps a proposed Appointment for some minutes: answers it as pending.' },
  book: { definition: `${DEFINITIONS}/appointment-book`, documentation: 'Books, moves (cancelled-appt-id) or cancels (an Appointment whose status is cancelled).' },
};
const withVersion = new Set(['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'HealthcareService', 'Appointment', 'ServiceRequest', 'Encounter', 'Patient']);

/** Made of the routes that there are and the parameters that they take, so that it cannot say anything else (https://hl7.org/fhir/R4/capabilitystatement.html). */
export function capabilityOf(routes: readonly Route[], root: string, url: string): CapabilityStatement {
  const parts = routes.map((route) => ({ ...route, parts: route.path.split(`/${root}/`)[1]?.split('/') ?? [] })).filter((route) => route.parts[0] !== undefined && route.permission !== null);
  const types = [...new Set(parts.flatMap((route) => route.parts[0] ?? []))].sort();
  return {
    resourceType: 'CapabilityStatement', status: 'active', date: '2026-11-26', kind: 'instance', software: { name: 'Slotmesh' }, implementation: { description: 'Appointment time that independent practices share', url },
    fhirVersion: '4.0.1', format: ['application/fhir+json', 'json'],
    rest: [{
      mode: 'server',
      documentation: 'What a search or an operation does not know is refused by name. Patients are found by POST to Patient/_search, because a URL ends in logs. $hold and $book take an Idempotency-Key.',
      security: {
        cors: false, service: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] }],
        description: 'A bearer token of a person whom a practice knows, or of a system of a practice (SMART Backend Services: .well-known/smart-configuration), which needs the scopes as well; each type says which permissions of a role and which scope it needs. What the own practice and agreements in force do not let it see does not exist.',
      },
      resource: types.map((type) => resourceOf(type, parts.filter((route) => route.parts[0] === type))),
    }],
  };
}

function resourceOf(type: string, routes: readonly (Route & { readonly parts: readonly string[] })[]): CapabilityResource {
  const interactions = [...new Set(routes.flatMap((route) => interactionOf(route.method, route.parts[1]) ?? []))];
  const offered = [...new Set(routes.flatMap(({ parts: [, second] }) => (second?.startsWith('$') ? [second.slice(1)] : [])))];
  const permissions = [...new Set(routes.flatMap(({ permission }) => permission ?? []))];
  const scope = joinedScope(type, routes.flatMap((route) => route.scope ?? []));
  const searchParam = interactions.includes('search-type') && isSearched(type) ? searchParamsOf(type) : [];
  return {
    type, documentation: `Needs ${permissions.join(', ')}; of a system ${scope} for all of it.`, interaction: interactions.map((code) => ({ code })), versioning: withVersion.has(type) ? 'versioned' : 'no-version',
    ...(searchParam.length > 0 ? { searchParam } : {}), ...(offered.length > 0 ? { operation: offered.map(operationOf) } : {}),
  };
}

function interactionOf(method: string, second: string | undefined): Interaction | null {
  if (second?.startsWith('$')) return null;
  if (second === undefined || second === '_search') return 'search-type';
  return method === 'PUT' ? 'update' : 'read';
}

function operationOf(name: string): Operation {
  const known = operations[name];
  if (!known) throw new Error(`say in "operations" what $${name} does`);
  return { name, ...known };
}

const isSearched = (type: string): type is SearchedType => type in searches;

function searchParamsOf(type: SearchedType): SearchParam[] {
  const shape: Readonly<Record<string, z.ZodType>> = type === 'Patient' ? patientSearch.shape : searches[type].shape;
  return Object.entries(shape).flatMap(([name, schema]) => {
    const { description = '', 'x-fhir-search': stated } = schema.meta() ?? {};
    const searched = searchTypes.find((one) => one === stated);
    return searched ? [{ name, type: searched, documentation: description }] : [];
  });
}
