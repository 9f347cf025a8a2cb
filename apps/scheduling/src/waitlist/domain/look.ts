import { DEFAULT_QUIET_HOURS, type Instant, type Zone, isQuiet } from '@slotmesh/kernel';
import type { Candidate } from './round';
import { byTurn } from './turn';

/** Whom a part of the list holds: by the zones of patients. */
export type OfZones = { readonly only: readonly Zone[] } | { readonly without: readonly Zone[] };
/** Reads on behind an entry, null: from the first on. In turn by urgency, time of waiting and id; the way is not known to the list. Fewer than `most`: there are no more. */
export type ReadList<C> = (part: OfZones & { readonly behind: C | null; readonly most: number }) => Promise<readonly C[]>;

/** Of one reading: mostly the first few decide, and who needs more needs many. */
const FIRST_PAGE = 50;
const LONGEST_PAGE = 500;

/**
 * Everybody on a list in the order in which they are asked: in turn, those first who may be asked at this hour (P15). Reads only as far as the caller goes on: the order is the one of the whole list, because
 * a page comes out when all who stand equal with its last are known, and who sleeps comes when nobody is left who does not.
 */
export async function* inOrderOfAsking<C extends Candidate>(read: ReadList<C>, now: Instant, page: { readonly first: number; readonly longest: number } = { first: FIRST_PAGE, longest: LONGEST_PAGE }): AsyncGenerator<C> {
  const quiet = new Map<Zone, boolean>();
  const asleep = (zone: Zone): boolean => {
    const known = quiet.get(zone) ?? isQuiet(now, DEFAULT_QUIET_HOURS, zone);
    quiet.set(zone, known);
    return known;
  };
  const sleeping = (): Zone[] => [...quiet].flatMap(([zone, is]) => (is ? [zone] : []));
  // Why left out from where a zone is met: at night a long list is almost all asleep, and need not be read for the few who are not.
  for await (const one of inTurn<C>((part) => read({ ...part, without: sleeping() }), page)) if (!asleep(one.zone)) yield one;
  if (sleeping().length > 0) yield* inTurn<C>((part) => read({ ...part, only: sleeping() }), page);
}

async function* inTurn<C extends Candidate>(read: (part: { readonly behind: C | null; readonly most: number }) => Promise<readonly C[]>, page: { readonly first: number; readonly longest: number }): AsyncGenerator<C> {
  let [behind, most, equals]: [C | null, number, readonly C[]] = [null, page.first, []];
  for (;;) {
    const rows: readonly C[] = await read({ behind, most });
    const known: readonly C[] = [...equals, ...rows];
    const last = known.at(-1);
    if (!last || rows.length < most) return yield* [...known].sort(byTurn);
    const whole = known.findIndex((one) => one.urgency === last.urgency && one.addedAt === last.addedAt);
    yield* known.slice(0, whole).sort(byTurn);
    [behind, most, equals] = [last, Math.min(most * 2, page.longest), known.slice(whole)];
  }
}
