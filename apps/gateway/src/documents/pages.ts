import { eventRegistry } from '@slotmesh/contracts';
import { Html, html } from '@slotmesh/platform';
import { z } from 'zod';
import { type ListedOperation, type OpenApiDocument, type Operation, operationsOf } from './openapi-document';

const purpose: Readonly<Record<string, string>> = {
  scheduling: 'Practices, calendars, openings, holds, appointments, agreements.',
  reminders: 'Reminder plans, timers, the call list.',
  notifications: 'Texts and e-mails, consent, replies.',
  capacity: 'Measures of access, use and fairness.',
  gateway: 'Sign-in of browsers, state of the network, the time.',
};

function page(title: string, body: Html): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Slotmesh</title><link rel="stylesheet" href="/docs/style.css"></head>
<body><header><a href="/docs">Slotmesh API</a><nav><a href="/console/">Console</a></nav></header><main><h1>${title}</h1>${body}</main></body></html>`.text;
}

export function indexPage(services: readonly string[]): string {
  const rows = services.map((service) => html`<tr><th scope="row"><a href="/docs/${service}">${service}</a></th><td>${purpose[service] ?? ''}</td><td><a href="/api/${service}/v1/openapi.json">OpenAPI 3.1 (JSON)</a></td></tr>`);
  return page('API documents', html`
<p>Everything is under this one address. Send <code>Authorization: Bearer &lt;token&gt;</code>; lists answer <code>{items, nextCursor}</code>; times are RFC 3339 with the site's <code>zone</code> beside them; refusals are RFC 9457 problem documents with a stable <code>code</code>; what creates takes an <code>Idempotency-Key</code>.</p>
<table><thead><tr><th scope="col">Service</th><th scope="col">What it owns</th><th scope="col">Document</th></tr></thead><tbody>${rows}</tbody></table>
<h2>Events</h2><p>Facts travel over Kafka as CloudEvents 1.0: <a href="/docs/events">${eventRegistry.size} events</a>.</p>`);
}

export function servicePage(service: string, document: OpenApiDocument): string {
  const listed = operationsOf(document);
  const groups = new Map<string, ListedOperation[]>();
  for (const each of listed) {
    const name = each.operation.tags[0] ?? each.path.split('/')[4] ?? 'other';
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return page(document.info.title, html`<p>${purpose[service] ?? ''} <a href="/api/${service}/v1/openapi.json">The document as JSON</a>.</p>
${listed.length === 0 ? html`<p class="empty">This service states no operations yet.</p>` : ''}
${[...groups].sort(([a], [b]) => Number(ofEveryService.has(a)) - Number(ofEveryService.has(b))).map(([name, operations]) => html`<section><h2>${name}</h2>${operations.map(operationDetails)}</section>`)}
${Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => html`<section id="schema-${name}"><h2>${name}</h2>${json(schema)}</section>`)}`);
}

/** Tags of what each service has in the same way; they stand last, behind what the service is for. */
const ofEveryService = new Set(['ParkedEvents', 'Audit']);
const reference = z.object({ $ref: z.string().startsWith('#/components/schemas/').transform((ref) => ref.split('/').at(-1) ?? '') });

/** A schema in place, or a link to where the page shows it. */
function schemaOf(schema: unknown): Html {
  const { data } = reference.safeParse(schema);
  return data === undefined ? json(schema) : html`<p><a href="#schema-${data.$ref}">${data.$ref}</a></p>`;
}

function operationDetails({ method, path, operation }: ListedOperation): Html {
  const parameters = operation.parameters.map((each) => html`<tr><th scope="row"><code>${each.name}</code>${each.required ? ' required' : ''}</th><td>${each.in}</td><td>${each.description}</td></tr>`);
  const body = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => html`<h3>Body <small>${type}</small></h3>${schemaOf(schema)}`);
  const responses = Object.entries(operation.responses).map(([status, each]) => html`<h3>${status} <small>${each.description}</small></h3>${Object.values(each.content).map(({ schema }) => schemaOf(schema))}`);
  return html`<details><summary><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code> <span>${withCode(operation.summary)}</span> ${demand(operation)}</summary>
${operation.description === '' ? '' : html`<p>${withCode(operation.description)}</p>`}${parameters.length > 0 ? html`<h3>Parameters</h3><table><tbody>${parameters}</tbody></table>` : ''}${body}${responses}</details>`;
}

/** What a caller must hold, in sight without opening the operation. */
function demand({ 'x-permission': permission, 'x-public': why }: Operation): Html {
  if (permission !== undefined) return html`<small class="demand">needs <code>${permission}</code></small>`;
  return why === undefined ? new Html('') : html`<small class="demand">no token: ${why}</small>`;
}

/** Docstrings mark names with backticks. */
const withCode = (text: string): Html[] => text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

export function eventsPage(): string {
  const topics = new Map<string, Html[]>();
  for (const { topic, type, summary, schema } of eventRegistry.values()) {
    const entry = html`<details><summary><code>${type}</code> <span>${summary}</span></summary>${json(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))}</details>`;
    topics.set(topic, [...(topics.get(topic) ?? []), entry]);
  }
  return page('Events', html`<p>CloudEvents 1.0 in Kafka's binary mode: attributes in <code>ce_</code> headers, the data as JSON value, the aggregate's id as key.</p>
${[...topics].map(([topic, entries]) => html`<section><h2><code>${topic}</code></h2>${entries}</section>`)}`);
}

export const absentPage = (service: string): string => page('No such service', html`<p>There is no service named ${service}. <a href="/docs">See those that there are.</a></p>`);
export const awayPage = (service: string): string =>
  page(`${service} does not answer`, html`<p>The ${service} service gives its document itself, and does not answer at the moment. <a href="/health/ready">See the state of all services</a>, then reload this page.</p>`);

const json = (value: unknown): Html => (value === undefined ? new Html('') : html`<pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>`);
