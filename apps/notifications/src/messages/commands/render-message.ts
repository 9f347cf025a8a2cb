import { Inject, Injectable } from '@nestjs/common';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../../config';
import type { Language } from '@slotmesh/contracts';
import { NEUTRAL_VISIT, type Instant, nameFor } from '@slotmesh/kernel';
import { type Tx, unseal } from '@slotmesh/persistence';
import { IntakeKeys } from '../../providers/intake-keys';
import { ReferenceNotYetKnown } from '../../projections/missing-reference';
import { type Invitation, invitationOf } from '../../templates/invitation';
import { BUILT_IN_VERSION, type TemplateSource, builtIn } from '../../templates/built-in';
import { languageOfBuiltIn } from '../../templates/built-in-review';
import { type Mail, mailOf, summaryOf } from '../../templates/mails';
import type { TemplateName } from '../../templates/template-names';
import { ownInForce } from '../../templates/persistence/template-rows';
import { deskTextOf, textOf } from '../../templates/texts';
import { subscriptionSender } from '../../providers/mail-settings';
import { isSubscription, scopeOf } from '../../unsubscribing/scope-of-mail';
import { UnsubscribeLinks } from '../../unsubscribing/unsubscribe-links';
import type { MessageFacts, Site, VisitFacts } from '../../templates/visit-facts';
import { type Channel, isAfterVisit, isAnswerTemplate } from '../domain/fence';
import { type ContactRow, type PatientRow, type PracticeRow, type VisitRow, readGivenNames, readPractices } from '../persistence/fence-rows';
import type { MessageRow } from '../persistence/message-rows';

export interface Rendered {
  readonly channel: Channel;
  readonly from: { readonly number: string; readonly name: string; readonly address: string };
  readonly to: string;
  readonly body: string;
  /** What the patient reads, sealed as evidence. Why without the links: it is for staff to read, and with a link they could act as the patient. */
  readonly kept: string;
  readonly mail: (Mail & { readonly invitation: Invitation | null; readonly replyTo: string | null; readonly unsubscribe: string | null; readonly feedback: string }) | null;
  readonly version: number;
  readonly language: Language;
}

export interface ToRender {
  readonly row: MessageRow;
  readonly channel: Channel;
  readonly code: string;
  readonly patient: PatientRow | null;
  readonly contact: ContactRow;
  readonly visits: readonly VisitRow[];
  /** Of the patients of whom it speaks. */
  readonly keys: ReadonlyMap<string, Buffer>;
  /** Of the patient's own pages, by visit; for mails, and for texts that ask to choose another time or must not name the place. */
  readonly pages: ReadonlyMap<string, string>;
}

/** Writes a message from what is known at the moment of sending, never from what was known when it was planned. */
@Injectable()
export class RenderMessage {
  constructor(private readonly intake: IntakeKeys, private readonly links: UnsubscribeLinks, @Inject(NOTIFICATIONS_CONFIG) private readonly config: NotificationsConfig) {}

  async execute(tx: Tx, given: ToRender): Promise<Rendered> {
    const { row, channel, patient } = given;
    // In the order of time, as the choices of an answer are counted, whichever message the others were joined to.
    const visits = [...given.visits].sort((x, y) => x.start_at - y.start_at || (x.id < y.id ? -1 : 1));
    const language = patient?.language ?? 'en';
    const [practices, names, own] = await Promise.all([
      readPractices(tx, [row.host, row.booking]), readGivenNames(tx, [...given.keys.keys()]), row.template === 'desk-text' ? null : ownInForce(tx, row.host, row.template, { language, channel }),
    ]);
    const practice = practices.get(row.host);
    const booking = practices.get(row.booking);
    if (!practice || !booking) throw new ReferenceNotYetKnown('practice');
    const several = new Set(visits.map((visit) => visit.patient)).size > 1;
    const nameOf = (id: string | undefined): string | null => {
      const [key, sealed] = id === undefined ? [] : [given.keys.get(id), names.get(id)];
      return key && sealed ? unseal(key, sealed, `${id}:givenName`) : null;
    };
    const known: MessageFacts = {
      language, practice: { name: nameIn(practice, visits), phone: practice.phone }, bookedBy: row.booking === row.host ? null : nameIn(booking, []),
      givenName: several ? null : nameOf(visits[0]?.patient ?? patient?.id), visits: visits.map((visit) => visitFacts(visit, given.pages, tx.now, several ? nameOf(visit.patient) : null)),
      page: row.page, answerBy: patient && row.expires_at ? { at: row.expires_at, zone: patient.zone } : null,
    };
    const { template, page } = row;
    const to = this.address(given, practice);
    const sender = (facts: MessageFacts): Rendered['from'] => ({ number: practice.sender_number, name: facts.practice.name ?? NEUTRAL_VISIT[facts.language], address: practice.email });
    if (template === 'desk-text') {
      const body = deskTextOf(this.typed(row, practice), known, given.code);
      return { channel, from: sender(known), to, body, kept: body, mail: null, version: BUILT_IN_VERSION, language: known.language };
    }
    const { wording, language: said } = this.wording(template, channel, known, own);
    // What is to be read is asked for in the words of the message.
    const facts: MessageFacts = { ...known, language: said, visits: page === null ? known.visits : known.visits.map((visit) => ({ ...visit, page: inLanguage(page, said) })) };
    const from = sender(facts);
    const without = (text: string): string => [...given.pages.values()].reduce((rest, url) => rest.replaceAll(url, '[link]'), text);
    if (channel === 'sms') {
      const body = textOf(template, facts, given.code, wording);
      return { channel, from, to, body, kept: without(body), mail: null, version: wording.version, language: facts.language };
    }
    if (isAnswerTemplate(template)) throw new Error('answers to texts go by text');
    const scope = scopeOf(row);
    const unsubscribe = scope === null ? null : this.links.linkFor({ idx: given.contact.idx, practice: row.host, scope });
    const mail = mailOf(template, { ...facts, unsubscribe }, wording);
    const body = `${mail.subject}\n\n${without(mail.text).replaceAll(unsubscribe ?? '[link]', '[link]')}`;
    const subscribed = isSubscription(row.class);
    return { channel, from: subscribed ? { ...from, address: subscriptionSender(this.config) } : from, to, body, kept: body, mail: { ...mail, replyTo: subscribed ? practice.email : null, unsubscribe, feedback: `${row.class}:${row.template}:`, invitation: invite(tx, given, facts, practice, to) }, version: wording.version, language: facts.language };
  }

  /** The practice's own wording in the patient's language, else the network's. Why never the own one where something must not be named: what a practice wrote may name it. */
  private wording(template: TemplateName, channel: Channel, facts: MessageFacts, own: TemplateSource | null): { wording: TemplateSource; language: Language } {
    const discreet = facts.practice.name === null || facts.visits.some(({ site, provider }) => site === null || provider === null);
    if (own && !discreet) return { wording: own, language: facts.language };
    const language = languageOfBuiltIn(facts.language, this.config);
    const wording = builtIn(template, language, channel);
    if (!wording) throw new Error('answers to texts go by text');
    return { wording, language };
  }

  private typed({ sealed_text }: MessageRow, { sender_number }: PracticeRow): string {
    if (!sealed_text) throw new Error('a text of the desk without its words');
    return this.intake.unseal(sender_number, 'text', sealed_text);
  }

  private address({ row, contact, channel, keys }: ToRender, practice: PracticeRow): string {
    const key = row.patient === null ? undefined : keys.get(row.patient);
    if (row.to_sealed !== null) return this.intake.unseal(practice.sender_number, 'from', row.to_sealed);
    if (!key || contact.sealed === null || row.patient === null) throw new Error('a contact point without its key');
    return unseal(key, contact.sealed, `${row.patient}:${channel === 'sms' ? 'phone' : 'email'}`);
  }
}

function inLanguage(page: string, language: Language): string {
  const url = new URL(page);
  if (language !== 'en') url.searchParams.set('language', language);
  return url.href;
}

function visitFacts(visit: VisitRow, pages: ReadonlyMap<string, string>, now: Instant, who: string | null): VisitFacts {
  const { site, provider, sensitive } = visit;
  if (!site) throw new ReferenceNotYetKnown('site');
  if (provider === null) throw new ReferenceNotYetKnown('provider');
  // Why it waits: what a message must not name is known only then.
  if (sensitive === null) throw new ReferenceNotYetKnown('visit-type');
  return {
    who, start: visit.start_at, end: visit.end_at, zone: visit.zone, cancelled: visit.status === 'cancelled', cancelFree: visit.cancel_free_until === null ? null : now > visit.cancel_free_until ? 'over' : visit.cancel_free_until,
    givesUp: visit.gives_up_at === null || visit.gives_up_zone === null ? null : { start: visit.gives_up_at, zone: visit.gives_up_zone }, modality: visit.modality, page: pages.get(visit.id) ?? null,
    site: site.sensitive ? null : siteOf({ ...visit, site }), provider: sensitive || site.sensitive ? null : provider,
  };
}

/** A practice by its name, unless that tells why somebody comes: it has no other sites, or the visit is at one of those. */
function nameIn(practice: PracticeRow, visits: readonly VisitRow[]): string | null {
  const sensitive = practice.sensitive || visits.some(({ site }) => site?.practice === practice.id && site.sensitive);
  return nameFor('over-a-shoulder', { name: practice.name, sensitive }, '') || null;
}

/** An offer may be at a partner's: then the patient, who does not go there yet, is told whose place it is. */
const siteOf = ({ site, practice, kind }: VisitRow & { readonly site: NonNullable<VisitRow['site']> }): Site => (kind === 'offer' && practice && !site.name.startsWith(practice) ? { ...site, name: `${practice}, ${site.name}` } : site);

/** One entry per mail: calendars take one event from an invitation, so a mail about several visits carries none. */
function invite(tx: Tx, { row, visits, pages }: ToRender, facts: MessageFacts, practice: PracticeRow, email: string): Invitation | null {
  const [only, ...more] = visits;
  // What is only offered stands in nobody's calendar yet, and what has to move is not invited to once more.
  if (!only || more.length > 0 || only.kind === 'offer' || row.template === 'visit-must-move' || row.template === 'education' || isAfterVisit(row.template)) return null;
  return invitationOf({ appointment: only.id, revision: only.revision, visit: visitFacts(only, pages, tx.now, null), summary: summaryOf(facts.practice.name, facts.language), practice: { name: facts.practice.name ?? NEUTRAL_VISIT[facts.language], email: practice.email }, attendee: { name: facts.givenName, email }, now: tx.now });
}
