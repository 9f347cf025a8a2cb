import { z } from 'zod';
import type { RunningScheduling } from './running-scheduling';

export interface FhirResult {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const resource = z.looseObject({ resourceType: z.string(), id: z.string() });
const bundle = z.object({ resourceType: z.literal('Bundle'), total: z.int().optional(), link: z.array(z.object({ relation: z.string(), url: z.string() })), entry: z.array(z.object({ resource: z.looseObject({ resourceType: z.string() }), search: z.object({ mode: z.string() }) })).default([]) });
const appointment = z.looseObject({
  resourceType: z.literal('Appointment'), id: z.string(), status: z.string(), start: z.string(), end: z.string(), meta: z.object({ versionId: z.string() }).optional(), slot: z.array(z.object({ reference: z.string() })).optional(),
  participant: z.array(z.object({ actor: z.object({ reference: z.string() }), status: z.string() })),
});
export type Appointment = z.output<typeof appointment>;
const outcome = z.object({ resourceType: z.literal('OperationOutcome'), issue: z.array(z.object({ severity: z.string(), code: z.string(), diagnostics: z.string(), location: z.array(z.string()).optional(), expression: z.array(z.string()).optional(), details: z.object({ coding: z.array(z.object({ code: z.string() })) }).optional() })).min(1) });

export const resourceIn = ({ body }: FhirResult) => resource.parse(body);
export const bundleIn = ({ body }: FhirResult) => bundle.parse(body);
export const appointmentIn = ({ body }: FhirResult) => appointment.parse(body);
/** What was refused: status, issue type and our code. */
export const refusalIn = ({ status, body }: FhirResult) => {
  const [issue] = outcome.parse(body).issue;
  return { status, issue: issue?.code, code: issue?.details?.coding[0]?.code };
};
export const issuesIn = ({ body }: FhirResult) => outcome.parse(body).issue;
export const matches = (result: FhirResult) => bundleIn(result).entry.filter(({ search }) => search.mode === 'match').map((entry) => resource.parse(entry.resource));
export const proposals = (result: FhirResult): Appointment[] => matches(result).map((found) => appointment.parse(found));
export const actorOf = (visit: Appointment, type: string): string | undefined => visit.participant.map(({ actor }) => actor.reference).find((reference) => reference.startsWith(`${type}/`));

/** A program of another house that speaks FHIR R4. */
export class FhirClient {
  private constructor(private readonly url: string, private readonly token: string | null) {}

  static async of(scheduling: RunningScheduling, subject: string | null): Promise<FhirClient> {
    return FhirClient.withToken(scheduling, subject === null ? null : await scheduling.issuer.tokenOf(subject));
  }
  static withToken(scheduling: RunningScheduling, token: string | null): FhirClient {
    return new FhirClient(`${scheduling.url}/fhir/R4`, token);
  }

  async send(method: string, path: string, body: string | undefined, headers: Record<string, string>): Promise<FhirResult> {
    const response = await fetch(path.startsWith('/') ? `${this.url}${path}` : this.behind(path), { method, headers: { ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }), ...headers }, ...(body === undefined ? {} : { body }) });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  get = (path: string): Promise<FhirResult> => this.send('GET', path, undefined, {});
  post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<FhirResult> => this.send('POST', path, JSON.stringify(body), { 'content-type': 'application/fhir+json', ...headers });
  put = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<FhirResult> => this.send('PUT', path, JSON.stringify(body), { 'content-type': 'application/fhir+json', ...headers });
  form = (path: string, fields: Record<string, string>): Promise<FhirResult> => this.send('POST', path, new URLSearchParams(fields).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  /** `$hold`, `$book`, `$find` by Parameters. */
  operation = (name: string, parameter: readonly object[], headers: Record<string, string> = {}): Promise<FhirResult> => this.post(`/Appointment/$${name}`, { resourceType: 'Parameters', parameter }, headers);

  /** Links lead through the gateway, which hands them on as they are. */
  private behind(link: string): string {
    const { pathname, search } = new URL(link);
    return `${new URL(this.url).origin}${pathname}${search}`;
  }
}
