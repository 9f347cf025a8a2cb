/** Starts lie on a grid that counts from the opening minute of the block: as fine as the visit is long, between 5 and 30 minutes. */
export function gridMinutes(visit: { readonly durationMinutes: number }): number {
  const fitting = [30, 20, 15, 10, 5].find((step) => visit.durationMinutes % step === 0);
  return fitting ?? Math.min(30, visit.durationMinutes);
}
