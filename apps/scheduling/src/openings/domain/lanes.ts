/** Lanes of a provider. One resource has a lane once at one time (P1). The ordinary calendar is lane 0, and all that searches look at. */
export const ORDINARY_LANE = 0;
/** From here on: one seat each of a group session, which itself is in the ordinary calendar. */
export const FIRST_SEAT = 100;
