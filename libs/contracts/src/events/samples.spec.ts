import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { eventRegistry } from './registry';

const folder = join(__dirname, '..', '..', 'samples');
const samplesOf = (type: string): unknown[] => z.array(z.unknown()).min(1).parse(JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8')));

/** Samples are never edited: they stand for records that are in Kafka for good. A new optional field adds a sample. */
describe('golden samples', () => {
  it('exist for every version of every event, and for nothing else', () => {
    expect(readdirSync(folder).sort()).toEqual([...eventRegistry.keys()].map((type) => `${type}.json`).sort());
  });

  it.each([...eventRegistry.values()].map((definition) => [definition.type, definition] as const))('%s stays readable', (type, { schema }) => {
    for (const sample of samplesOf(type)) {
      const result = schema.safeParse(sample);
      expect(result.error?.issues ?? []).toEqual([]);
    }
  });
});
