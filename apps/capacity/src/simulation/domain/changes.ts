import { DomainError } from '@slotmesh/kernel';
import { type Partnership, type ShareRules, type SimulatedPractice, USUAL_ACCEPTANCE } from './partnership';

/** What may be tried on a partnership. Every other thing stays as it is. */
export type Change =
  | { readonly kind: 'rules'; readonly rules: Partial<ShareRules> }
  | { readonly kind: 'add-slots'; readonly practice: string; readonly slotsPerDay: number }
  | { readonly kind: 'partner-leaves'; readonly practice: string }
  | { readonly kind: 'partner-joins'; readonly practice: string }
  | { readonly kind: 'demand'; readonly practice: string | null; readonly factor: number };

export class NotInPartnership extends DomainError {
  constructor() {
    super('invalid', 'not-in-partnership', 'That practice is not part of the simulated partnership.');
  }
}

/** The partnership with a change. Throws NotInPartnership. */
export function changed(partnership: Partnership, change: Change): Partnership {
  const { practices } = partnership;
  if ('practice' in change && change.practice !== null && !practices.some(({ id }) => id === change.practice)) throw new NotInPartnership();
  switch (change.kind) {
    case 'rules': return { ...partnership, rules: { ...partnership.rules, ...change.rules } };
    case 'add-slots': return { ...partnership, practices: only(practices, change.practice, (practice) => withSlots(practice, practice.slotsPerDay + change.slotsPerDay)) };
    // Why it stays in the simulation: its patients go on asking there, and it must see what leaving costs it.
    case 'partner-leaves': return { ...partnership, practices: practices.map((practice) => ({ ...practice, neighbours: practice.id === change.practice ? {} : Object.fromEntries(Object.entries(practice.neighbours).filter(([id]) => id !== change.practice)) })) };
    case 'partner-joins': return { ...partnership, practices: practices.map((practice) => ({ ...practice, neighbours: { ...practice.neighbours, ...reachOf(practice.id === change.practice ? practices.filter(({ id }) => id !== change.practice) : [{ id: change.practice }]) } })) };
    case 'demand': return { ...partnership, practices: only(practices, change.practice, (practice) => ({ ...practice, load: practice.load * change.factor })) };
  }
}

/** The same demand on another number of slots. */
export const withSlots = (practice: SimulatedPractice, slotsPerDay: number): SimulatedPractice => ({ ...practice, slotsPerDay, load: (practice.load * practice.slotsPerDay) / slotsPerDay });

const reachOf = (practices: readonly { readonly id: string }[]): Record<string, number> => Object.fromEntries(practices.map(({ id }) => [id, USUAL_ACCEPTANCE]));

const only = (practices: readonly SimulatedPractice[], id: string | null, change: (practice: SimulatedPractice) => SimulatedPractice): SimulatedPractice[] => practices.map((practice) => (id === null || practice.id === id ? change(practice) : practice));
