import { type OverbookingAdvice, type Session, adviseSession } from './overbooking-advice';
import type { Weights } from './session';
import { type BandOfBookings, type WaitsByBand, waitsByBand } from './waits-by-band';

/** All that is computed of a session; plain, so that a thread can be given it. */
export interface SessionTask<Band extends string = string> {
  readonly session: Session;
  readonly weights: Weights;
  readonly booked: readonly BandOfBookings<Band>[];
}
export interface AdvisedSession<Band extends string = string> {
  readonly advice: OverbookingAdvice;
  readonly waits: WaitsByBand<Band>;
}

export const advisedSession = <Band extends string>({ session, weights, booked }: SessionTask<Band>): AdvisedSession<Band> => ({ advice: adviseSession(session, weights), waits: waitsByBand(session.slots, booked) });
