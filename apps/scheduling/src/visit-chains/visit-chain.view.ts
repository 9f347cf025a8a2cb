import { type Instant, type PracticeId, formatInstant } from '@slotmesh/kernel';
import { viewOfAppointment } from '../appointments/appointment.view';
import type { Appointment } from '../appointments/domain/appointment';
import type { VisitChain } from './persistence/visit-chain.repository';

const over = ({ status }: Appointment): number => (status === 'cancelled' || status === 'entered-in-error' ? 1 : 0);

/** Linked visits by step, each with the gap to the one before. A host sees its own visits and that there are others, not which. */
export function viewOfChain(chain: VisitChain, visits: readonly Appointment[], viewer: PracticeId, now: Instant) {
  return {
    id: chain.id, booking: chain.booking, bookedAt: formatInstant(chain.bookedAt),
    steps: [null, ...chain.gaps].map((gap, index) => {
      // One that took the place of another stands; what was called off is shown where nothing does.
      const [visit] = visits.filter((one) => one.chain?.step === index + 1).sort((a, b) => over(a) - over(b) || b.bookedAt - a.bookedAt);
      return { step: index + 1, minGap: gap?.min ?? null, maxGap: gap?.max ?? null, visit: visit ? viewOfAppointment(visit, viewer, now) : null };
    }),
  };
}
