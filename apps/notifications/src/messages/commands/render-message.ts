import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import { NEUTRAL_VISIT, type Instant, nameFor } from '@slotmesh/kernel';
import { type Tx, unseal } from '@slotmesh/persistence';
import { IntakeKeys } from '../../providers/intake-keys';
import { ReferenceNotYetKnown } from '../../projections/missing-reference';
import { type Invitation, invitationOf } from '../../templates/invitation';
import { MAILS_VERSION, type Mail, mailOf, summaryOf } from '../../templates/mails';
import { TEXTS_VERSION, textOf } from '../../templates/texts';
import type { MessageFacts, Site, VisitFacts } from '../../templates/visit-facts';
import { type Channel, isAnswerTemplate } from '../domain/fence';
import { type ContactRow, type PatientRow, type PracticeRow, type VisitRow, readPractices } from '../persistence/fence-rows';
import type { MessageRow } from '../persistence/message-rows';

export interface Rendered {
  readonly channel: Channel;
  readonly from: { readonly number: string; readonly name: string; readonly address: string };
  readonly to: string;
  readonly body: string;
  /** What the patient reads, sealed as evidence. Why without the links: it is for staff to read, and with a link they could act as the patient. */
  readonly kept: string;
  readonly mail: (Mail & { readonly invitation: Invitation | null }) | null;
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
  readonly key: Buffer | null;
  /** Of the patient's own pages, by visit; for mails, and for texts that ask to choose another time or must not name the place. */
  readonly pages: ReadonlyMap<string, string>;
}

/** Writes a message from what is known at the moment of sending, never from what was known when it was planned. */
@Injectable()
export class RenderMessage {
  constructor(private readonly intake: IntakeKeys) {}

  async execute(tx: Tx, given: ToRender): Promise<Rendered> {
    const { row, channel, patient, visits } = given;
    const practices = await readPractices(tx, [row.host, row.booking]);
    const practice = practices.get(row.host);
    const booking = practices.get(row.booking);
    if (!practice || !booking) throw new ReferenceNotYetKnown('practice');
    const facts: MessageFacts = {
      language: patient?.language ?? 'en', practice: { name: nameIn(practice, visits), phone: practice.phone }, bookedBy: row.booking === row.host ? null : nameIn(booking, []),
      givenName: given.key && patient?.given_name ? unseal(given.key, patient.given_name, `${patient.id}:givenName`) : null, visits: visits.map((visit) => visitFacts(visit, given.pages, tx.now)),
      page: row.page, answerBy: patient && row.expires_at ? { at: row.expires_at, zone: patient.zone } : null,
    };
    const to = this.address(given, practice);
    const from = { number: practice.sender_number, name: facts.practice.name ?? NEUTRAL_VISIT[facts.language], address: practice.email };
    const without = (text: string): string => [...given.pages.values()].reduce((rest, url) => rest.replaceAll(url, '[link]'), text);
    if (channel === 'sms') {
      const body = textOf(row.template, facts, given.code);
      return { channel, from, to, body, kept: without(body), mail: null, version: TEXTS_VERSION, language: facts.language };
    }
    if (isAnswerTemplate(row.template)) throw new Error('answers to texts go by text');
    const mail = mailOf(row.template, facts);
    const body = `${mail.subject}\n\n${without(mail.text)}`;
    return { channel, from, to, body, kept: body, mail: { ...mail, invitation: invite(tx, given, facts, practice, to) }, version: MAILS_VERSION, language: facts.language };
  }

  private address({ row, contact, channel, key }: ToRender, practice: PracticeRow): string {
    if (row.to_sealed !== null) return this.intake.unseal(practice.sender_number, 'from', row.to_sealed);
    if (!key || contact.sealed === null || row.patient === null) throw new Error('a contact point without its key');
    return unseal(key, contact.sealed, `${row.patient}:${channel === 'sms' ? 'phone' : 'email'}`);
  }
}

function visitFacts(visit: VisitRow, pages: ReadonlyMap<string, string>, now: Instant): VisitFacts {
  const { site, provider, sensitive } = visit;
  if (!site) throw new ReferenceNotYetKnown('site');
  if (provider === null) throw new ReferenceNotYetKnown('provider');
  // Why it waits: what a message must not name is known only then.
  if (sensitive === null) throw new ReferenceNotYetKnown('visit-type');
  return {
    start: visit.start_at, end: visit.end_at, zone: visit.zone, cancelled: visit.status === 'cancelled', cancelFree: visit.cancel_free_until === null ? null : now > visit.cancel_free_until ? 'over' : visit.cancel_free_until,
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
  if (!only || more.length > 0 || only.kind === 'offer' || row.template === 'visit-must-move' || row.template === 'education') return null;
  return invitationOf({ appointment: only.id, revision: only.revision, visit: visitFacts(only, pages, tx.now), summary: summaryOf(facts.practice.name, facts.language), practice: { name: facts.practice.name ?? NEUTRAL_VISIT[facts.language], email: practice.email }, attendee: { name: facts.givenName, email }, now: tx.now });
}
