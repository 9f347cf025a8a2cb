import type { PracticeId } from '@slotmesh/kernel';
import { viewOfOpenings } from '../openings/opening.view';
import type { ReferralOption } from './queries/find-options';

/** A practice as a patient's option, with the soonest time that could be booked there. */
export function viewOfOption({ practice, name, opening }: ReferralOption, viewer: PracticeId) {
  const [soonest] = opening === null ? [] : viewOfOpenings([opening], viewer);
  if (soonest === undefined) return { practice, name, distanceKm: null, soonest: null };
  const { id, site, provider, start, end, zone, bookable, distanceKm, link, phone, approval } = soonest;
  return { practice, name, distanceKm, soonest: { id, site, provider, start, end, zone, bookable, ...(link === undefined ? {} : { link }), ...(phone === undefined ? {} : { phone }), ...(approval === undefined ? {} : { approval }) } };
}
