/** What a member of the stack says about itself (GET /idle on its ops port). Instants are domain milliseconds. */
export interface MemberState {
  readonly member: string;
  readonly idle: boolean;
  readonly activity: number;
  readonly nextDue: number | null;
  readonly busy: readonly string[];
}

/** Everything has come to rest when two rounds in a row found every member idle and nobody did anything between them. */
export function atRest(before: readonly MemberState[] | null, now: readonly MemberState[]): boolean {
  if (before === null || before.length !== now.length) return false;
  return now.every((state, index) => state.idle && before[index]?.idle === true && before[index].activity === state.activity);
}

/** Where the clock stops next: at the earliest thing that is due before the target, or at the target. */
export function nextStop(states: readonly MemberState[], now: number, target: number): number {
  const due = states.flatMap((state) => (state.nextDue !== null && state.nextDue > now ? [state.nextDue] : []));
  return Math.min(target, ...due);
}

/** The offset that makes it `stop` now. It never shrinks: real time may already have passed the stop. */
export function offsetFor(stop: number, realNow: number, offsetMs: number): number {
  return Math.max(offsetMs, Math.ceil(stop - realNow));
}

/** One line that names who is not at rest and with what, for a person who waits. */
export function whoIsBusy(states: readonly MemberState[]): string {
  const busy = states.filter((state) => !state.idle).map((state) => `${state.member}${state.busy.length > 0 ? ` (${state.busy.join(', ')})` : ''}`);
  return busy.length > 0 ? busy.join(', ') : 'nobody in particular, but work goes on';
}
