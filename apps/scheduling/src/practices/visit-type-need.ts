import { z } from 'zod';
import { type EquipmentKind, equipmentKinds } from '../openings/domain/resource-need';

export const equipmentKind = z.enum(equipmentKinds);
/** A lower-case word that a practice gives to what a resource can do; `wheelchair`, `sign` and language codes are understood with the needs of patients. */
export const capability = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens, 40 at most');

/** One need as it is stored and shown. */
export interface StoredNeed {
  readonly kind: EquipmentKind;
  readonly capability: string | null;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}
const minutes = z.int().min(0).max(240).default(0);

/** In full, or by its kind alone. Buffers are minutes before and after the visit in which the resource is taken, too. */
export const visitTypeNeed = z.union([
  equipmentKind,
  z.strictObject({ kind: equipmentKind, capability: capability.nullable().default(null), bufferBeforeMinutes: minutes, bufferAfterMinutes: minutes }),
]).transform((need): StoredNeed => (typeof need === 'string' ? { kind: need, capability: null, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 } : need));
