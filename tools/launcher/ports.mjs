import { services } from './services.mjs';

/** Every port of a stack by what listens there; `offset` moves them all, so that a second stack runs beside the first.
 * @param {number} [offset] @returns {Record<string, number>} */
export function stackPorts(offset = 0) {
  const names = services.flatMap(({ name, port, ops }) => [[name, port + offset], [`${name} ops`, ops + offset]]);
  return { ...Object.fromEntries(names), 'sandbox mail': 8025 + offset, postgres: 8432 + offset, kafka: 8092 + offset };
}

/** The ports that are needed: none for what somebody else runs.
 * @param {Record<string, number>} ports
 * @param {{ mode: string, ownDatabase: boolean, ownKafka: boolean }} choice */
export function neededPorts(ports, { mode, ownDatabase, ownKafka }) {
  return Object.entries(ports).filter(([name]) => {
    if (name === 'postgres') return ownDatabase;
    if (name === 'kafka') return ownKafka;
    return mode === 'sandbox' || !name.startsWith('sandbox');
  });
}
