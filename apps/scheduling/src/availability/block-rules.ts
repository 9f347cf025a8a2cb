import { serviceCode, visitTypeId } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { requireOwn } from '../practices/reference';

/** Hours of real time before the block begins. */
const releaseHours = z.int().min(1).max(2_160).nullable().default(null);
const keptFor = z.strictObject({ visitTypes: z.array(visitTypeId).max(50).default([]), services: z.array(serviceCode).max(50).default([]), releaseHours })
  .refine(({ visitTypes, services }) => visitTypes.length + services.length > 0, { path: ['visitTypes'], message: 'name a visit type or a service' });

/** What a block of hours, of every week or of a single date, may say beyond its times. */
export const blockRules = {
  /** How many more visits the practice's own desk may put at one time of this block, on purpose and by permission, and of which types (null: all). Never offered to anybody. */
  overbook: z.strictObject({ lanes: z.int().min(1).max(10), visitTypes: z.array(visitTypeId).min(1).max(50).nullable().default(null) }).nullable().default(null),
  /** How many people who walk in may be seen at one time of this block beside who has a visit. Never searched or booked ahead. */
  walkIns: z.int().min(0).max(10).default(0),
  /** For whom the block is kept: visits of these types or services only, until so many hours before it begins (`releaseHours`; null: to the end). A block may lie inside wider hours. */
  keptFor: keptFor.nullable().default(null),
  /** How many visits of a type may begin in one occurrence of the block at most, until so many hours before it begins (null: to the end). */
  limits: z.array(z.strictObject({ visitType: visitTypeId, most: z.int().min(0).max(200), releaseHours })).max(20).default([])
    .refine((limits) => new Set(limits.map(({ visitType }) => visitType)).size === limits.length, 'name each visit type once'),
};
type BlockRules = z.output<z.ZodObject<typeof blockRules>>;

/** Throws a problem at the field where a rule names a visit type that is not the practice's. */
export async function requireOwnTypes(tx: Tx, practice: PracticeId, blocks: readonly BlockRules[]): Promise<void> {
  const check = (visitTypes: readonly string[], field: string) => (visitTypes.length === 0 ? Promise.resolve() : requireOwn(tx, 'visit_type', practice, visitTypes, field));
  await check(blocks.flatMap(({ overbook }) => overbook?.visitTypes ?? []), 'overbook');
  await check(blocks.flatMap(({ keptFor: kept }) => kept?.visitTypes ?? []), 'keptFor');
  await check(blocks.flatMap(({ limits }) => limits.map(({ visitType }) => visitType)), 'limits');
}
