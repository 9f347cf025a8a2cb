/** Where the topics that are made and the topics that events are written to differ.
 * @param {readonly import('./json-schema.mjs').Definition[]} definitions @param {{ topics: Record<string, unknown> }} planned @returns {string[]} */
export function topicsDrift(definitions, { topics }) {
  const used = new Set(definitions.map(({ topic }) => topic));
  return [
    ...[...used].filter((topic) => !(topic in topics)).map((topic) => `${topic} has events but is not in infra/kafka/topics.json`),
    ...Object.keys(topics).filter((topic) => !used.has(topic)).map((topic) => `${topic} is made but no event belongs to it`),
  ];
}
