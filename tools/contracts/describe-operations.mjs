import { Trouble } from '../launcher/trouble.mjs';

/** @typedef {import('./routes.mjs').Route} Route @typedef {import('./routes.mjs').Input} Input */
/** @typedef {{ operationId?: string, summary?: string, description?: string, parameters?: { in: string, name: string }[] }} Operation */

/** @type {Record<string, string>} */
const headers = {
  'idempotency-key': 'Chosen by the client; the same key gives the same answer and one effect (draft-ietf-httpapi-idempotency-key-header).',
  'if-match': 'The ETag that was read, such as "3"; 412 where somebody else changed it since. Without it the change is made in any case.',
};

/** Adds to each operation what the source of its route says: the docstring and the headers and fields that it takes by name. Throws where a route has none.
 * @template {{ paths: object }} Document @param {Document} document @param {readonly Route[]} routes @returns {Document} */
export function describeOperations(document, routes) {
  const byOperation = new Map(routes.map((route) => [route.operation, route]));
  const twice = routes.find((route) => byOperation.get(route.operation) !== route);
  if (twice) throw new Trouble(`${twice.operation} is two routes: ${twice.place} and ${byOperation.get(twice.operation)?.place}.`);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(/** @type {Record<string, Operation>} */ (item))) {
      const route = byOperation.get(operation.operationId ?? '');
      if (!route?.docstring) throw new Trouble(`${method.toUpperCase()} ${path} (${operation.operationId}) has no docstring${route ? ` at ${route.place}` : ''}.`);
      Object.assign(item, { [method]: described(operation, route.docstring, route.inputs) });
    }
  }
  return document;
}

/** @param {Operation} operation @param {string} docstring @param {readonly Input[]} inputs */
function described({ operationId, parameters = [], ...rest }, docstring, inputs) {
  const { summary, description } = summaryOf(docstring);
  const added = inputs.filter((input) => !parameters.some((known) => known.in === input.in && known.name.toLowerCase() === input.name));
  return {
    operationId, summary, ...(description && { description }),
    parameters: [...parameters, ...added.map((input) => ({ name: input.name, in: input.in, required: input.required, ...(headers[input.name] && { description: headers[input.name] }), schema: { type: 'string' } }))],
    ...rest,
  };
}

/** The first sentence, without its full stop, and what follows it. @param {string} docstring */
export function summaryOf(docstring) {
  const end = /[.!?](?=\s+[^a-z\s])/.exec(docstring)?.index ?? docstring.length;
  return { summary: docstring.slice(0, end).replace(/\.$/, ''), description: docstring.slice(end + 1).trim() };
}
