import type { Instant, PartnershipId, PracticeId } from '@slotmesh/kernel';

/** A practice leaves its partnership: notice, the second person's confirmation, the days of notice, the exit, and the work behind it until every line of the checklist has its evidence. */
export interface ExitPlan {
  readonly id: string;
  readonly partnership: PartnershipId;
  /** Who leaves. */
  readonly practice: PracticeId;
  /** Members when notice was given, and those that joined before the exit: they read the plan, and share nothing behind it. */
  readonly practices: readonly PracticeId[];
  readonly reason: string;
  readonly state: 'notice' | 'withdrawn' | 'leaving' | 'left' | 'closed';
  readonly givenBy: string;
  readonly givenAt: Instant;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Instant | null;
  readonly exitAt: Instant | null;
  readonly leftAt: Instant | null;
  readonly closedAt: Instant | null;
}

/** Lines that people answer for, with what they have to show. */
export const WRITTEN_ITEMS = {
  'patients-told': 'each patient of a booked visit was told who will see them and where',
  'final-statement': 'the last cost statement is approved, or there are no shared costs',
  'records-kept': 'who keeps which records, for how long, and what was destroyed (45 CFR 164.504(e)(2)(ii)(J))',
} as const;
export type WrittenItem = keyof typeof WRITTEN_ITEMS;
export const writtenItems = ['patients-told', 'final-statement', 'records-kept'] as const satisfies readonly WrittenItem[];

/** What the system itself finds. */
export interface ExitFindings {
  /** Visits across practices that begin at or after the exit, stand, and are neither moved nor promised by their host. */
  readonly visitsOpen: number;
  readonly visitsHonoured: number;
  /** Holds across practices of time at or after the exit. */
  readonly holdsBehind: number;
  /** Offers of the wait list across practices that are open. */
  readonly offersOpen: number;
  readonly exports: readonly { readonly content: string; readonly format: string; readonly sha256: string; readonly rows: number; readonly madeAt: Instant }[];
  /** Cost statements that the practice shares and that are neither final nor withdrawn. */
  readonly statementsOpen: number;
}
export interface ExitLine {
  readonly item: string;
  readonly done: boolean;
  /** What shows it, or what is still to be done. */
  readonly evidence: string;
}

const EXPORTS = ['patients fhir', 'patients csv', 'appointments fhir', 'appointments csv'];

/** Every line of the checklist, in the order in which it is worked off. What the system can see is never ticked by hand. */
export function checklistOf(plan: ExitPlan, found: ExitFindings, written: ReadonlyMap<string, string>): ExitLine[] {
  const line = (item: string, done: boolean, shown: string, todo: string): ExitLine => ({ item, done, evidence: done ? shown : todo });
  const confirmed = plan.confirmedBy !== null;
  // Why after the exit: what was exported before lacks what came since.
  const exported = found.exports.filter(({ madeAt }) => plan.leftAt !== null && madeAt >= plan.leftAt);
  const lacking = EXPORTS.filter((name) => !exported.some(({ content, format }) => name === `${content} ${format}`));
  return [
    line('notice', confirmed, `given by ${plan.givenBy}, confirmed by ${plan.confirmedBy ?? ''}`, 'a second person of the practice confirms the notice'),
    line('no-new-offers', confirmed && found.offersOpen === 0, 'no offer of the wait list goes between the practice and its partners', confirmed ? `${found.offersOpen} open offers run out within the half hour` : 'begins with the confirmation'),
    line('openings-withdrawn', confirmed && found.holdsBehind === 0, 'nothing at or behind the exit is bookable between the practice and its partners', confirmed ? `${found.holdsBehind} holds of time behind the exit run out within minutes` : 'begins with the confirmation'),
    line('visits-settled', confirmed && found.visitsOpen === 0, `${found.visitsHonoured} visits behind the exit are honoured by their hosts, none is open`, `${found.visitsOpen} visits behind the exit: their host honours them, or they are moved or called off with the patient's yes`),
    line('patients-told', written.has('patients-told'), written.get('patients-told') ?? '', WRITTEN_ITEMS['patients-told']),
    line('final-statement', written.has('final-statement') && found.statementsOpen === 0, written.get('final-statement') ?? '', found.statementsOpen === 0 ? WRITTEN_ITEMS['final-statement'] : `${found.statementsOpen} cost statements are not final`),
    line('keys-off', plan.leftAt !== null, 'its membership ended, and with it what partners read of it', 'happens by itself at the exit'),
    line('data-returned', plan.leftAt !== null && lacking.length === 0, exported.map(({ content, format, sha256, rows }) => `${content} (${format}): ${rows} rows, SHA-256 ${sha256}`).join('; '), plan.leftAt === null ? 'the practice takes its data when it has left' : `the practice takes its data: ${lacking.join(', ')}`),
    line('records-kept', written.has('records-kept'), written.get('records-kept') ?? '', WRITTEN_ITEMS['records-kept']),
  ];
}
