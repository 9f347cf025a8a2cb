import { messageOutcome, topics } from '@slotmesh/contracts';
import { z } from 'zod';
import { type Measure, SMALLEST_SHOWN } from './measure';

const definition = {
  id: 'messages',
  version: 1,
  title: 'Messages to patients: what became of them, what they cost, and how late they were',
  numerator: "Messages by their last word: delivered; sent (left, and nothing is reported yet); undelivered; skipped, by reason; callList (somebody phones instead); unknown (nobody can say whether it left); waiting (nothing is decided yet). confirmed: visits confirmed, by whomever, after a message about their present revision had left. kept: visits fulfilled. costMicros: all texts of these messages, those of an earlier try too, in millionths of currency's unit; costPerKeptMicros: costMicros / kept. minutesLateP50, minutesLateP95: minutes from the due time to the first leaving, over messages that left, interpolated and rounded to whole minutes.",
  denominator: 'asked: all messages that reminders asked for; delivered, sent, undelivered, skipped, callList, unknown and waiting add up to it. A message about several visits counts once, with the best that became of it for one of them. visits: visits about which such a message left; a visit counts once in a cell, and in every cell whose messages were about it.',
  exclusions: [
    'answers to what a patient wrote, and texts of the desk: nobody planned them', 'a visit that was left out of a message which went to another visit of the patient', 'mails have no cost; texts have none until the provider has priced them, and never where it does not within three days',
    'costs in several currencies within a cell: costMicros is null', 'visits whose booking has not been received',
  ],
  clock: 'The calendar month in UTC of the due time: the time by the plan after its own shifts, and for messages without one (offers, closed days) the time of asking. Minutes run through quiet hours into which a sender fell.',
  hiding: `For practices other than the host: asked, delivered and the minutes alone, and only of months that have been over for three days; under ${SMALLEST_SHOWN} asked, no count; delivered, or what was not delivered, under ${SMALLEST_SHOWN}: neither delivered nor minutes. There are no totals over cells.`,
};
export const messages: Measure = { definition, sources: [topics.messageRequest, topics.message, topics.appointment, topics.practice] };

/** What a number of a cell counts, for opening it into its rows. */
export const messageCount = z.enum(['asked', 'waiting', 'sent', 'delivered', 'undelivered', 'skipped', 'callList', 'unknown', 'visits', 'confirmed', 'kept']);
export type MessageCount = z.output<typeof messageCount>;
type VisitCount = Extract<MessageCount, 'visits' | 'confirmed' | 'kept'>;

export const isOfVisits = (count: MessageCount): count is VisitCount => count === 'visits' || count === 'confirmed' || count === 'kept';
/** Outcomes behind a count of messages. */
export const outcomesBehind: Readonly<Record<Exclude<MessageCount, VisitCount>, readonly string[]>> = {
  asked: [...messageOutcome.options, 'waiting'], waiting: ['waiting'], sent: ['sent'], delivered: ['delivered'], undelivered: ['undelivered'], skipped: ['skipped'], callList: ['call-list'], unknown: ['unknown'],
};

/** To a whole millionth; null where one of the two is hidden, or nothing was kept. */
export const costPer = (micros: number | null, kept: number | null): number | null => (micros === null || !kept ? null : Math.round(micros / kept));
