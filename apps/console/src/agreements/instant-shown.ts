const shown = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** Agreements begin and end at one instant for practices of several zones, so it is shown in UTC. */
export const instantShown = (instant: string): string => `${shown.format(Date.parse(instant))} UTC`;
