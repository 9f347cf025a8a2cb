import type { Zone } from '@slotmesh/kernel';

interface Position {
  readonly latitude: number;
  readonly longitude: number;
}
interface TwoZones {
  readonly zones: readonly [east: string, west: string];
  /** Places west of this longitude keep the western zone; the border follows counties, so this is a good guess and is reported as one. */
  readonly border: number | ((place: Position) => boolean);
}

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';
const of = (zone: string, states: string): [string, string][] => states.split(' ').map((state) => [state, zone]);

const ONE_ZONE = new Map<string, string>([
  ...of(EASTERN, 'CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV'), ...of(CENTRAL, 'AL AR IA IL LA MN MO MS OK WI'), ...of(MOUNTAIN, 'CO MT NM UT WY'), ...of(PACIFIC, 'CA NV WA'),
  ['AZ', 'America/Phoenix'], ['AK', 'America/Anchorage'], ['HI', 'Pacific/Honolulu'], ['PR', 'America/Puerto_Rico'], ['VI', 'America/St_Thomas'], ['GU', 'Pacific/Guam'], ['AS', 'Pacific/Pago_Pago'], ['MP', 'Pacific/Saipan'],
]);
const TWO_ZONES = new Map<string, TwoZones>([
  ['FL', { zones: [EASTERN, CENTRAL], border: -85.0 }], ['IN', { zones: ['America/Indiana/Indianapolis', CENTRAL], border: ({ latitude, longitude }) => longitude < (latitude > 40.7 ? -86.93 : latitude < 38.6 ? -87.0 : -90) }],
  ['KY', { zones: [EASTERN, CENTRAL], border: -86.0 }], ['MI', { zones: ['America/Detroit', CENTRAL], border: ({ latitude, longitude }) => longitude < -87.6 && latitude < 46.6 }], ['TN', { zones: [EASTERN, CENTRAL], border: -85.2 }],
  ['KS', { zones: [CENTRAL, MOUNTAIN], border: -101.5 }], ['ND', { zones: [CENTRAL, MOUNTAIN], border: ({ latitude, longitude }) => longitude < -101.3 && latitude < 47.6 }], ['NE', { zones: [CENTRAL, MOUNTAIN], border: -101.0 }],
  ['SD', { zones: [CENTRAL, MOUNTAIN], border: -100.5 }], ['TX', { zones: [CENTRAL, MOUNTAIN], border: -104.9 }],
  ['ID', { zones: ['America/Boise', PACIFIC], border: ({ latitude }) => latitude > 45.5 }], ['OR', { zones: ['America/Boise', PACIFIC], border: ({ latitude, longitude }) => !(longitude > -118.2 && latitude < 44.45) }],
]);

/** The zone that clocks at a place in a state of the US show; `guessed` where the state has two and the position decided. Null: cannot be told. */
export function zoneOfPlace(state: string, position: Position | null): { readonly zone: Zone; readonly guessed: boolean } | null {
  const one = ONE_ZONE.get(state);
  if (one !== undefined) return { zone: one as Zone, guessed: false };
  const two = TWO_ZONES.get(state);
  if (!two || !position) return null;
  const west = typeof two.border === 'number' ? position.longitude < two.border : two.border(position);
  return { zone: two.zones[west ? 1 : 0] as Zone, guessed: true };
}
