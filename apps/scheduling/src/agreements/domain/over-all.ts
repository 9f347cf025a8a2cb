import type { AgreementId } from '@slotmesh/kernel';

/** Stands for all agreements together where a count belongs to no single one. */
export const OVER_ALL = '00000000-0000-0000-0000-000000000000' as AgreementId;
