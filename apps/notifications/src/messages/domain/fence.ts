import { type Instant, type QuietHours, type Zone, addDays, instantOf, localDateOf, nextPermitted } from '@slotmesh/kernel';

export type Channel = 'sms' | 'email';
export type MessageClass = 'exempt-care' | 'consented-care' | 'recall' | 'education' | 'marketing' | 'answer';
export type VisitStatus = 'proposed' | 'pending' | 'booked' | 'arrived' | 'checked-in' | 'fulfilled' | 'cancelled' | 'noshow' | 'waitlist' | 'entered-in-error';
export const visitTemplates = ['booking-confirmation', 'visit-reminder', 'visit-moved', 'visit-cancelled', 'waitlist-offer', 'waitlist-offer-gone', 'visit-must-move', 'no-show-note', 'feedback-question', 'education', 'recall-due'] as const;
export type VisitTemplate = (typeof visitTemplates)[number];
export const answerTemplates = ['answer-confirmed', 'answer-cancelled', 'answer-current-time', 'answer-must-move', 'answer-which-visit', 'answer-not-understood', 'answer-desk-will-call', 'answer-desk-decides', 'answer-move-link', 'answer-wrong-number', 'answer-thanks', 'answer-offer-taken', 'answer-offer-declined', 'answer-offer-gone', 'stop-confirmation', 'start-confirmation', 'help', 'desk-text'] as const;
export type AnswerTemplate = (typeof answerTemplates)[number];
export type Template = VisitTemplate | AnswerTemplate;
const answers: ReadonlySet<string> = new Set(answerTemplates);
export const isAnswerTemplate = (template: Template): template is AnswerTemplate => answers.has(template);

/** 47 CFR 64.1200(a)(9)(iv): per provider and phone. */
export const CAP_PER_DAY = 1;
export const CAP_PER_WEEK = 3;
/** What answers the patient's wish is not held back by a cap over the network: offers that were asked for, and the yes to a booking. */
export const askedFor = ['booking-confirmation', 'waitlist-offer', 'waitlist-offer-gone'] as const satisfies readonly Template[];
const ASKED_FOR: ReadonlySet<Template> = new Set(askedFor);
/** They speak of a visit that is over. */
const AFTER_VISIT: ReadonlySet<Template> = new Set(['no-show-note', 'feedback-question']);
export const isAfterVisit = (template: Template): boolean => AFTER_VISIT.has(template);

export interface SubjectFacts {
  readonly id: string;
  /** The revision that the message speaks of. */
  readonly revision: number;
  /** The newer of the owner's answer and the projection, read under lock. */
  readonly current: { readonly revision: number; readonly status: VisitStatus; /** Null: it has no time, as a recall. */ readonly start: Instant | null };
  /** By the owner's answer: it lies on a closed day, and the practice asks the patient to move it. */
  readonly mustMove?: boolean;
}

export interface ContactFacts {
  readonly channel: Channel;
  /** The patient's yes to this practice. */
  readonly consented: boolean;
  /** For this class of messages of this practice. */
  readonly optedOut: boolean;
  /** Whoever has it said that it is not the patient's. */
  readonly wrong: boolean;
  /** A parent's, a guardian's, a carer's. */
  readonly ofRepresentative: boolean;
  /** The provider said that this address will never take a message. */
  readonly unreachable: boolean;
  /** Texts that count towards the cap, from this practice to this phone. */
  readonly today: number;
  readonly thisWeek: number;
  /** Texts of all practices to this phone on the patient's present day that no wish of the patient's asked for. */
  readonly networkToday: number;
}

export interface FenceFacts {
  readonly now: Instant;
  readonly class: MessageClass;
  readonly template: Template;
  readonly mustReach: boolean;
  /** Those not tried yet, in the order of the request. */
  readonly channels: readonly Channel[];
  readonly expiresAt: Instant | null;
  readonly subjects: readonly SubjectFacts[];
  /** The patient's own quiet hours, in the wall time of `zone`, which is the patient's. */
  readonly quiet: QuietHours;
  readonly zone: Zone;
  /** Erased, deceased, or never known here. */
  readonly absent: boolean;
  readonly voiceOnly: boolean;
  /** What the message takes back was never sent. */
  readonly neverTold: boolean;
  /** One of the visits is nobody's business but the patient's. */
  readonly confidential: boolean;
  /** The practice's sender costs its receivers nothing, which the healthcare exemption asks for (47 CFR 64.1200(a)(9)(iv)(C)). */
  readonly freeToEndUser: boolean;
  /** Most texts of the whole network to one phone on one day. */
  readonly networkCap: number;
  readonly contacts: readonly ContactFacts[];
}

/** Why a subject or a message does not go; stable codes that reminders and people read. */
export type Reason = 'superseded' | 'visit-closed' | 'visit-passed' | 'expired' | 'opted-out' | 'no-consent' | 'no-contact' | 'unreachable' | 'voice-only' | 'quiet-hours' | 'cap' | 'never-told' | 'patient-gone' | 'wrong-number' | 'confidential';
export interface Dropped {
  readonly id: string;
  readonly reason: Reason;
}
export type Verdict =
  | { readonly kind: 'send'; readonly channel: Channel; readonly subjects: readonly string[]; readonly dropped: readonly Dropped[]; readonly trace: readonly string[] }
  | { readonly kind: 'wait'; readonly until: Instant; readonly dropped: readonly Dropped[]; readonly trace: readonly string[] }
  | { readonly kind: 'skip' | 'call-list'; readonly reason: Reason; readonly dropped: readonly Dropped[]; readonly trace: readonly string[] };

/**
 * Decides what may happen with a message now (P12, P15, P17). Pure: everything it looks at was read under lock by the caller.
 * The trace says which rules were looked at, in order, and is kept as evidence.
 */
export function decide(facts: FenceFacts): Verdict {
  const trace: string[] = [];
  const dropped: Dropped[] = [];
  const live: SubjectFacts[] = [];
  for (const subject of facts.subjects) {
    const reason = whyNot(subject, facts);
    if (reason) dropped.push({ id: subject.id, reason });
    else live.push(subject);
  }
  trace.push(`subjects:${live.length}/${facts.subjects.length}`);
  const end = (reason: Reason): Verdict => {
    trace.push(reason);
    // Why: a visit that was moved or cancelled by the practice is never dropped in silence; a stale notice is, because a newer one follows it.
    return { kind: (facts.mustReach && !NOTHING_TO_TELL.has(reason)) || reason === 'voice-only' ? 'call-list' : 'skip', reason, dropped, trace };
  };
  if (facts.subjects.length > 0 && live.length === 0) return end(dropped[0]!.reason);
  if (facts.expiresAt !== null && facts.now >= facts.expiresAt) return end('expired');
  if (facts.neverTold) return end('never-told');
  if (facts.absent) return end('patient-gone');
  if (facts.voiceOnly && facts.class !== 'answer') return end('voice-only');

  const outcomes = facts.channels.map((channel) => ({ channel, ...weigh(channel, facts, live) }));
  trace.push(...outcomes.map(({ channel, verdict, reason }) => `${channel}:${reason ?? verdict}`));
  // A notice that must reach and may not go as a text becomes a call at once (P15).
  const text = outcomes.find(({ channel }) => channel === 'sms');
  if (facts.mustReach && text && text.verdict !== 'send') return end(text.reason ?? 'no-contact');
  const send = outcomes.find(({ verdict }) => verdict === 'send');
  if (send) return { kind: 'send', channel: send.channel, subjects: live.map(({ id }) => id), dropped, trace };
  const waits = outcomes.flatMap(({ until }) => (until === undefined ? [] : [until]));
  if (waits.length > 0) return { kind: 'wait', until: Math.min(...waits) as Instant, dropped, trace };
  return end(outcomes.find(({ reason }) => reason !== 'no-contact')?.reason ?? 'no-contact');
}

/** Ends after which a call would tell nobody anything. */
const NOTHING_TO_TELL: ReadonlySet<Reason> = new Set(['superseded', 'visit-passed', 'visit-closed', 'patient-gone']);

/** What a message speaks of where that is not an open visit. */
const AWAITED: Readonly<Partial<Record<Template, VisitStatus>>> = { 'visit-cancelled': 'cancelled', 'waitlist-offer': 'proposed', 'waitlist-offer-gone': 'cancelled', 'no-show-note': 'noshow', 'feedback-question': 'fulfilled' };
/** Why not pending: nobody is told of a visit, or reminded of it, that its host has yet to approve. */
const OPEN: ReadonlySet<VisitStatus> = new Set(['booked']);

function whyNot({ revision, current, mustMove = false }: SubjectFacts, { template, now }: FenceFacts): Reason | null {
  // Why: an answer states what is true now, so it is rendered from the present revision and none can make it stale.
  if (isAnswerTemplate(template)) return null;
  if (current.revision !== revision) return 'superseded';
  if (template === 'visit-must-move' && !mustMove) return 'superseded';
  const passed = current.start !== null && current.start <= now;
  const awaited = AWAITED[template];
  if (awaited) return current.status === awaited ? (passed && !isAfterVisit(template) ? 'visit-passed' : null) : 'superseded';
  if (!OPEN.has(current.status)) return current.status === 'cancelled' || current.status === 'entered-in-error' ? 'superseded' : 'visit-closed';
  return passed ? 'visit-passed' : null;
}

type Weighed = { readonly verdict: 'send' | 'wait' | 'no'; readonly reason?: Reason; readonly until?: Instant };

function weigh(channel: Channel, facts: FenceFacts, live: readonly SubjectFacts[]): Weighed {
  const contact = facts.contacts.find((candidate) => candidate.channel === channel);
  if (!contact) return { verdict: 'no', reason: 'no-contact' };
  // Why: the one text that confirms a STOP, and the answers to HELP and START, are asked for by the phone itself (47 CFR 64.1200(a)(12)).
  const asked = facts.template === 'stop-confirmation' || facts.template === 'start-confirmation' || facts.template === 'help';
  if (contact.optedOut && !asked) return { verdict: 'no', reason: 'opted-out' };
  // Why: the phone wrote to us a moment ago; its consent to reminders is another matter.
  if (isAnswerTemplate(facts.template)) return { verdict: 'send' };
  if (contact.wrong) return { verdict: 'no', reason: 'wrong-number' };
  if (facts.confidential && contact.ofRepresentative) return { verdict: 'no', reason: 'confidential' };
  if (contact.unreachable) return { verdict: 'no', reason: 'unreachable' };
  if (!mayBeWrittenTo(contact, facts)) return { verdict: 'no', reason: 'no-consent' };
  if (facts.class === 'answer') return { verdict: 'send' };
  const free = nextPermitted(facts.now, facts.quiet, facts.zone);
  if (free > facts.now) return later(free, 'quiet-hours', facts, live);
  if (channel === 'sms' && isOverCap(contact, facts)) {
    const tomorrow = instantOf(addDays(localDateOf(facts.now, facts.zone), 1), facts.quiet.until, facts.zone);
    return later(nextPermitted(tomorrow, facts.quiet, facts.zone), 'cap', facts, live);
  }
  return { verdict: 'send' };
}

/** Care within the scope for which the number was given needs the patient's yes (FCC 2015); the exemption does without, where the receiver pays nothing. Marketing would need a yes in writing, which nothing here records. */
function mayBeWrittenTo({ channel, consented }: ContactFacts, { class: kind, freeToEndUser }: FenceFacts): boolean {
  if (kind === 'marketing') return false;
  return consented || (kind === 'exempt-care' && channel === 'sms' && freeToEndUser);
}

function isOverCap(contact: ContactFacts, facts: FenceFacts): boolean {
  if (isCapped(facts) && (contact.today >= CAP_PER_DAY || contact.thisWeek >= CAP_PER_WEEK)) return true;
  return !ASKED_FOR.has(facts.template) && contact.networkToday >= facts.networkCap;
}

/** What counts towards the cap and is held by it: exempt care, but not what answers the patient's own booking. */
export const isCapped = (message: { readonly class: MessageClass; readonly template: Template }): boolean => message.class === 'exempt-care' && message.template !== 'booking-confirmation';

function later(until: Instant, reason: Reason, facts: FenceFacts, live: readonly SubjectFacts[]): Weighed {
  const ends = [...(isAfterVisit(facts.template) ? [] : live.flatMap(({ current }) => current.start ?? [])), ...(facts.expiresAt === null ? [] : [facts.expiresAt])];
  return ends.some((end) => until >= end) ? { verdict: 'no', reason } : { verdict: 'wait', until, reason };
}
