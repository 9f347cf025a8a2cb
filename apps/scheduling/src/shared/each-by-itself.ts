import { isInfrastructureFailure } from '@slotmesh/persistence';

/** One after another; one that fails does not keep the others from their turn. Throws the first failure at the end, and at once where what everybody depends on is away. */
export async function eachByItself<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
