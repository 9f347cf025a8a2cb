/** The sum of what each came to. One that fails keeps no other waiting; the first failure is thrown when all have had their turn. */
export async function oneByOne<T>(items: readonly T[], each: (item: T) => Promise<number>): Promise<number> {
  const failures: unknown[] = [];
  let done = 0;
  for (const item of items) {
    try {
      done += await each(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return done;
}
