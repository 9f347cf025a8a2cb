/** Starts lie on a grid that counts from the opening minute of the block: as fine as the visit type is long, between 5 and 30 minutes. */
export function gridMinutes(visit: { readonly durationMinutes: number; readonly extraMinutes: number }): number {
  const minutes = visit.durationMinutes - visit.extraMinutes;
  const fitting = [30, 20, 15, 10, 5].find((step) => minutes % step === 0);
  return fitting ?? Math.min(30, minutes);
}
