import { channel } from '@slotmesh/contracts';
import { isDeepStrictEqual } from 'node:util';
import { type MessageStep, type PlanStep, isBefore } from '../../plans/domain/plan';
import { type Channel, channelsOf } from '../../plans/domain/plan-steps';

/** A patient and a visit, as far as the steps of a plan ask. */
interface Situation {
  readonly leadDays: number;
  readonly confirmed: boolean;
  readonly highRisk: boolean;
  readonly usable: readonly Channel[];
}
const reachable: readonly (readonly Channel[])[] = channel.options.reduce<Channel[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);

/**
 * Why an arm would be less than the plan in force, a sentence each; empty where it is not. In every situation (lead time, confirmed or not, risk, channels that can be used) it sends at least as many messages before the visit, about the
 * booking, a move and a cancellation; every message that must reach the patient and every call is in it unchanged; and where the plan in force has somebody phone instead of a message, it does so as often.
 */
export function whatIsLess(control: readonly PlanStep[], arm: readonly PlanStep[]): string[] {
  return [...whatIsMissing(control, arm), ...fewerMessages(control, arm)];
}

const withoutId = ({ id: _id, ...step }: PlanStep): object => step;

function whatIsMissing(control: readonly PlanStep[], arm: readonly PlanStep[]): string[] {
  return control
    .filter((step) => (step.action === 'call' || step.mustReach) && !arm.some((other) => isDeepStrictEqual(withoutId(other), withoutId(step))))
    .map(({ id, action }) => `It leaves out or changes ${id}, ${action === 'call' ? 'a call' : 'a message that must reach the patient'}, of the plan in force: keep that step as it is.`);
}

const counts: readonly { readonly what: string; readonly of: (steps: readonly PlanStep[], situation: Situation) => number }[] = [
  { what: 'reminders before the visit', of: (steps, situation) => sent(steps, situation, ({ when }) => isBefore(when)) },
  ...(['booked', 'moved', 'cancelled'] as const).map((on) => ({ what: `messages when it is ${on}`, of: (steps: readonly PlanStep[], situation: Situation) => sent(steps, situation, ({ when }) => when.kind === 'at-once' && when.on === on) })),
  { what: 'calls in place of a message that has no channel', of: (steps, situation) => (situation.usable.length > 0 ? 0 : messages(steps, situation).filter(({ unreachable }) => unreachable === 'call').length) },
  { what: 'calls in place of a message that is late', of: (steps, situation) => messages(steps, situation).filter(({ whenLate }) => whenLate === 'call').length },
];

function fewerMessages(control: readonly PlanStep[], arm: readonly PlanStep[]): string[] {
  const situations = situationsOf([...control, ...arm]);
  return counts.flatMap(({ what, of }) => {
    const worse = situations.find((situation) => of(arm, situation) < of(control, situation));
    return worse ? [`It has only ${of(arm, worse)} ${what} where the plan in force has ${of(control, worse)} (${said(worse)}): give it at least as many.`] : [];
  });
}

/** Lead times between two at which a step comes in are all alike. The commonest first, because the first that is worse is told. */
function situationsOf(steps: readonly PlanStep[]): Situation[] {
  const leads = new Set([0, ...steps.map(earliestLead)]);
  return [...leads].sort((a, b) => a - b).flatMap((leadDays) => [false, true].flatMap((confirmed) => [false, true].flatMap((highRisk) => [...reachable].reverse().map((usable) => ({ leadDays, confirmed, highRisk, usable })))));
}

/** The shortest lead time in whole days for which the step still goes: its time is to come, or it goes late and is not stale. */
function earliestLead(step: PlanStep): number {
  const days = step.when.kind === 'days-before' ? step.when.days : step.when.kind === 'hours-before' ? Math.ceil(step.when.hours / 24) : 0;
  const late = step.whenLate === 'send' ? Math.floor(step.staleAfterMinutes / (24 * 60)) : 0;
  return Math.max(step.minLeadDays, days - late);
}

const messages = (steps: readonly PlanStep[], { leadDays, confirmed, highRisk }: Situation): MessageStep[] =>
  steps.filter((step): step is MessageStep => step.action === 'message' && earliestLead(step) <= leadDays && (step.risk === 'any' || highRisk) && (step.whenConfirmed === 'send' || !confirmed));

const sent = (steps: readonly PlanStep[], situation: Situation, counted: (step: MessageStep) => boolean): number =>
  messages(steps, situation).filter((step) => counted(step) && channelsOf(step, steps, situation.usable).channels.length > 0).length;

const said = ({ leadDays, confirmed, highRisk, usable }: Situation): string =>
  `fixed ${leadDays} days ahead, ${confirmed ? 'confirmed' : 'unconfirmed'}, ${highRisk ? 'high' : 'normal'} risk, ${usable.length === 0 ? 'no channel' : `by ${usable.join(' and ')}`}`;
