import { Injectable } from '@nestjs/common';
import { type Instant, formatInstant } from '@slotmesh/kernel';

export interface IdleState {
  /** Nothing due at the domain now, nothing in flight. */
  readonly idle: boolean;
  /** Grows with all work done: two equal readings with idle between them mean that nothing happened. */
  readonly activity: number;
  /** The earliest future instant at which this part would act by itself. */
  readonly nextDue: Instant | null;
}
export type IdleProbe = () => Promise<IdleState>;

/** Lets the movable clock wait until everything that is due has been done (DESIGN section 4). */
@Injectable()
export class Idleness {
  private readonly probes = new Map<string, IdleProbe>();

  observe(name: string, probe: IdleProbe): void {
    this.probes.set(name, probe);
  }

  async state(): Promise<{ idle: boolean; activity: number; nextDue: string | null; busy: string[] }> {
    const states = await Promise.all([...this.probes].map(async ([name, probe]) => ({ name, ...(await probe()) })));
    const due = states.flatMap((state) => (state.nextDue === null ? [] : [state.nextDue]));
    return {
      idle: states.every((state) => state.idle),
      activity: states.reduce((sum, state) => sum + state.activity, 0),
      nextDue: due.length > 0 ? formatInstant(due.reduce((a, b) => (a < b ? a : b))) : null,
      busy: states.filter((state) => !state.idle).map((state) => state.name),
    };
  }
}
