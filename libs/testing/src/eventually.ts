/** Waits until `condition` holds: gives something that is neither false nor null nor undefined. Throws with `what` after `seconds`; as a function it tells how things are by then. */
export async function eventually<T>(what: string | (() => string), condition: () => Promise<T> | T, seconds = 90): Promise<Exclude<T, false | null | undefined>> {
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
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${typeof what === 'string' ? what : what()}${lastError instanceof Error ? ` (${lastError.message})` : ''}`, { cause: lastError });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isThere = <T>(value: T): value is Exclude<T, false | null | undefined> => value !== false && value !== null && value !== undefined;
