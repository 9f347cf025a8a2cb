/** Waits until `condition` holds: gives something that is neither false nor null nor undefined. Throws with `what` after `seconds`. */
export async function eventually<T>(what: string, condition: () => Promise<T> | T, seconds = 30): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + seconds * 1_000;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (isThere(value)) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}${lastError instanceof Error ? ` (${lastError.message})` : ''}`, { cause: lastError });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isThere = <T>(value: T): value is Exclude<T, false | null | undefined> => value !== false && value !== null && value !== undefined;
