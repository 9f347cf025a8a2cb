const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]] as const;

/** A length of time in its two largest units: `3 days 4 hours`. */
export function span(ms: number): string {
  const words: string[] = [];
  let left = Math.max(0, ms);
  for (const [name, length] of units) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) words.push(`${count} ${name}${count === 1 ? '' : 's'}`);
    if (words.length === 2) break;
  }
  return words.join(' ') || '0 seconds';
}
