import { createHash } from 'node:crypto';

const SEEDED_AT = Date.UTC(2026, 0, 1);

/** The id of a part of the sample: a UUIDv7 whose random bits come from its name, so that a second run finds what the first one made. */
export function seedId<T extends string>(name: string): T {
  const bytes = createHash('sha256').update(`slotmesh sample/${name}`).digest().subarray(0, 16);
  bytes.writeUIntBE(SEEDED_AT, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as T;
}
