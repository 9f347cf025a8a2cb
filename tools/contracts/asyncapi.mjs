/** @typedef {import('./json-schema.mjs').Definition} Definition */

const text = (/** @type {string} */ description, /** @type {object} */ more = {}) => ({ type: 'string', description, ...more });

/** CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers with the prefix ce_. */
const headers = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_partitionkey', 'ce_sequence'],
  properties: {
    'content-type': text('Always application/json.', { const: 'application/json' }),
    ce_specversion: text('CloudEvents version.', { const: '1.0' }),
    ce_id: text('UUIDv7 of the event.', { format: 'uuid' }),
    ce_source: text('The service that published it.'),
    ce_type: text('Type and version of the event.'),
    ce_time: text('Domain time of the change, RFC 3339 UTC.', { format: 'date-time' }),
    ce_partitionkey: text('Id of the aggregate, the same as the record key.'),
    ce_sequence: text('1, 2, 3 .. without gaps per topic and key.', { pattern: '^[1-9][0-9]*$' }),
    ce_host: text('The practice that owns the calendar.'),
    ce_booking: text('The practice that booked, where another one did.'),
    ce_traceparent: text('W3C trace context of the change.'),
  },
};

/** The AsyncAPI 3 document of all topics. The publisher of a topic is the first part of its name.
 * @param {readonly Definition[]} definitions
 * @param {{ defaults: { partitions: number, config: Record<string, string> }, topics: Record<string, { partitions?: number, config?: Record<string, string> }> }} planned */
export function asyncApiOf(definitions, planned) {
  const topics = [...groupByTopic(definitions)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    asyncapi: '3.0.0',
    info: { title: 'Slotmesh events', version: '1.0.0', description: 'One topic per aggregate type; the key is the id of the aggregate. Within a version only optional fields are added.' },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map(([topic, events]) => [topic, {
      address: topic,
      messages: Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
      bindings: { kafka: { topic, partitions: planned.topics[topic]?.partitions ?? planned.defaults.partitions, bindingVersion: '0.5.0' } },
    }])),
    operations: Object.fromEntries(topics.map(([topic, events]) => [`${topic.split('.')[0]}.publishes.${topic}`, {
      action: 'send',
      channel: { $ref: `#/channels/${topic}` },
      messages: events.map(({ type }) => ({ $ref: `#/channels/${topic}/messages/${type}` })),
    }])),
    components: {
      messageTraits: { cloudEvent: { headers, bindings: { kafka: { key: { type: 'string' }, bindingVersion: '0.5.0' } } } },
      messages: Object.fromEntries(definitions.map((definition) => [definition.type, {
        name: definition.type, title: definition.type, summary: definition.summary, contentType: 'application/json',
        traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
        payload: { $ref: `./${definition.type}.schema.json` },
      }])),
    },
  };
}

/** @param {readonly Definition[]} definitions */
function groupByTopic(definitions) {
  /** @type {Map<string, Definition[]>} */
  const groups = new Map();
  for (const definition of definitions) groups.set(definition.topic, [...(groups.get(definition.topic) ?? []), definition]);
  return groups;
}
