const cached = new Map<string, Intl.DateTimeFormat>();

function format(kind: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind} ${zone}`;
  const known = cached.get(key) ?? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  cached.set(key, known);
  return known;
}

/** The day at the site: `Monday, November 23, 2026`. */
export const siteDay = (instant: string, zone: string): string => format('day', zone, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }).format(Date.parse(instant));

/** The time at the site, its zone always named: `10:00 AM MST`. */
export const siteTime = (instant: string, zone: string): string => format('time', zone, { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }).format(Date.parse(instant));
