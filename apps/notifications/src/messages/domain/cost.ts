/** Twilio tells a price as a negative decimal text such as `-0.00790`, once the carrier has billed it. In millionths of the unit; null: not known yet. */
export function microsOf(price: string | null): number | null {
  const parts = price === null ? null : /^-?(\d{1,9})(?:\.(\d{1,10}))?$/.exec(price);
  if (!parts) return null;
  return Number(parts[1]) * 1_000_000 + Number((parts[2] ?? '').padEnd(6, '0').slice(0, 6));
}
