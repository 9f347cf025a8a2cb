import { Inject, Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { type Instant, newId, plusMs, toDate } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, seal, workerFor } from '@slotmesh/persistence';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig, revokeAllFrom } from '../../config';
import { isBarred } from '../../consents/domain/opt-out';
import { readRecalls } from '../../projections/recall-rows';
import { type SubjectState, takeOver } from '../../projections/visit-rows';
import { type FenceFacts, type SubjectFacts, type Verdict, decide, isAfterVisit, isCapped } from '../domain/fence';
import { newShortCode } from '../domain/short-code';
import { validitySeconds } from '../domain/validity-period';
import { type ContactRow, type PatientRow, type VisitRow, countTexts, isFreeToEndUser, lockContacts, quietHoursOf, readContacts, readPatient, readVisits, wasOffered } from '../persistence/fence-rows';
import { sharedByAll, takeApart } from '../persistence/family-rows';
import { type MessageRow, lockMessage, patientsOf, putBack, setState } from '../persistence/message-rows';
import { recordOutcome } from '../persistence/outcomes';
import { RenderMessage, type Rendered } from './render-message';

/** What is handed to a provider after its intent is committed. */
export interface Intent extends Rendered {
  readonly attempt: string;
  readonly message: string;
  readonly host: string;
  readonly code: string;
  /** Domain time of the intent. */
  readonly at: Instant;
  readonly validitySeconds: number;
}

interface Known {
  readonly patient: PatientRow | null;
  readonly contacts: readonly ContactRow[];
  readonly visits: readonly VisitRow[];
  readonly recalls: readonly { readonly id: string; readonly revision: number; readonly open: boolean }[];
}

/**
 * The fence (P12). One transaction locks message, visits in the order of their ids, patient and contact point; only then it reads what it decides on, so
 * that no change that was handled before can be missed; and it writes the intent. Null: the message waits, is skipped, or became a call.
 * Throws ReferenceNotYetKnown where something that the text names is not known here yet.
 */
@Injectable()
export class WriteIntent {
  private readonly revokeAllFrom: Instant;

  constructor(private readonly work: UnitOfWork, private readonly render: RenderMessage, @Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'PROVIDER_TIMEOUT_MS' | 'TEXTS_PER_PHONE_PER_DAY' | 'REVOKE_ALL_FROM'>) {
    this.revokeAllFrom = revokeAllFrom(config);
  }

  /** `owners` says how the visits stand by the latest answer of their owners; `keys` are those of the patients, without who was erased; `pages` are links to the visits' own pages. */
  execute(message: Pick<MessageRow, 'id' | 'host'>, owners: ReadonlyMap<string, SubjectState>, keys: ReadonlyMap<string, Buffer>, pages: ReadonlyMap<string, string>): Promise<Intent | null> {
    return this.work.run(workerFor('sender', practiceId.parse(message.host)), async (tx) => {
      const row = await lockMessage(tx, message.id);
      if (row?.state !== 'pending') return null;
      // First all locks, in this order, then all that is decided on: each of the two is one journey to the database.
      await Promise.all([takeOver(tx, row.subjects.flatMap(({ id }) => owners.get(id) ?? []), 'answer'), lockContacts(tx, row)]);
      const [patient, found, visits, recalls] = await Promise.all([
        readPatient(tx, row.patient), readContacts(tx, row), readVisits(tx, row.subjects.map(({ id }) => id)), readRecalls(tx, row.subjects.filter(({ kind }) => kind === 'recall').map(({ id }) => id)),
      ]);
      const known: Known = { patient, contacts: await this.usable(tx, row, found), visits, recalls };
      const key = row.patient === null ? null : (keys.get(row.patient) ?? null);
      const facts = await this.facts(tx, row, known, owners, key);
      const verdict = decide(facts);
      if (verdict.kind === 'send') return this.intent(tx, row, known, facts, verdict, keys, pages);
      // Why: what bars one of several, a mail of their own or a death, must not keep the others from being told.
      if (verdict.kind !== 'wait' && patientsOf(row).length > 1) await takeApart(tx, row.id);
      else await settle(tx, row, verdict);
      return null;
    });
  }

  /** Those of the patient; of a message about several the ones that all of them share. */
  private async usable(tx: Tx, row: MessageRow, contacts: readonly ContactRow[]): Promise<readonly ContactRow[]> {
    const patients = patientsOf(row);
    if (patients.length < 2 || row.to_idx !== null) return contacts;
    const shared = await sharedByAll(tx, patients);
    return contacts.filter(({ channel, idx }) => shared.has(`${channel} ${idx}`));
  }

  private async facts(tx: Tx, row: MessageRow, { patient, contacts, visits, recalls }: Known, owners: ReadonlyMap<string, SubjectState>, key: Buffer | null): Promise<FenceFacts> {
    const { quiet, zone } = quietHoursOf(patient);
    const none = { today: 0, thisWeek: 0, networkToday: 0 };
    const counted = await Promise.all(contacts.map(async (contact) => ({ ...contact, ...(contact.channel === 'sms' ? await countTexts(tx, row.host, contact.idx, tx.now, zone) : none) })));
    return {
      now: tx.now, class: row.class, template: row.template, mustReach: row.must_reach, channels: row.channels.filter((channel) => !row.tried.includes(channel)), expiresAt: row.expires_at, quiet, zone,
      absent: row.to_idx === null && (patient === null || patient.absent || key === null), voiceOnly: patient?.voice_only ?? false,
      neverTold: row.template === 'waitlist-offer-gone' && !(await wasOffered(tx, row, contacts)),
      confidential: visits.some(({ confidential }) => confidential), freeToEndUser: row.class === 'exempt-care' && (await isFreeToEndUser(tx, row.host)), networkCap: this.config.TEXTS_PER_PHONE_PER_DAY,
      contacts: counted.map(({ channel, consented, opt_outs, unreachable, wrong, representative, today, thisWeek, networkToday }) => ({
        channel, consented, optedOut: isBarred(opt_outs, { channel, host: row.host, class: row.class, template: row.template }, tx.now, this.revokeAllFrom), unreachable, wrong, ofRepresentative: representative !== null, today, thisWeek, networkToday,
      })),
      subjects: row.subjects.flatMap<SubjectFacts>(({ id, revision }) => {
        const recall = recalls.find((candidate) => candidate.id === id);
        if (recall) return [{ id, revision, current: { revision: recall.revision, status: recall.open ? 'booked' : 'cancelled', start: null } }];
        const visit = visits.find((candidate) => candidate.id === id);
        if (!visit) return [];
        const known = owners.get(id);
        const owner = known?.kind === 'recall' ? undefined : known;
        // Why: the answer may be older than the last step that the feed told, or newer; whichever closes the visit counts.
        const status = owner && owner.revision === visit.revision && visit.status === 'booked' ? owner.status : visit.status;
        return [{ id, revision, current: { revision: visit.revision, status, start: visit.start_at }, mustMove: owner?.mustMove ?? false }];
      }),
    };
  }

  private async intent(tx: Tx, row: MessageRow, known: Known, facts: FenceFacts, verdict: Verdict & { kind: 'send' }, keys: ReadonlyMap<string, Buffer>, pages: ReadonlyMap<string, string>): Promise<Intent> {
    const { channel } = verdict;
    const contact = known.contacts.find((candidate) => candidate.channel === channel)!;
    const visits = verdict.subjects.flatMap((id) => known.visits.find((visit) => visit.id === id) ?? []);
    const code = newShortCode();
    const rendered = await this.render.execute(tx, { row, channel, code, patient: known.patient, contact, visits, keys, pages });
    const key = row.patient === null ? undefined : keys.get(row.patient);
    const starts = visits.map(({ start_at }) => start_at);
    const seconds = validitySeconds(tx.now, { answer: row.class === 'answer', quiet: facts.quiet, zone: facts.zone, visitStart: starts.length > 0 && row.request_id && !isAfterVisit(row.template) ? starts.reduce((a, b) => (a < b ? a : b)) : null, expiresAt: row.expires_at });
    const attempt = newId();
    const written = tx.execute(
      `INSERT INTO attempt (id, message_id, host, channel, idx, code, state, subjects, template, template_version, language, rules, counted, sealed_body, intent_at, valid_until, lease_until, consent)
       VALUES ($1, $2, $3, $4, $5, $6, 'intent', $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, clock_timestamp() + make_interval(secs => $16), $17)`,
      [
        attempt, row.id, row.host, channel, contact.idx, code, JSON.stringify(facts.subjects.filter(({ id }) => verdict.subjects.includes(id)).map(({ id, current }) => ({ id, revision: current.revision }))), row.template, rendered.version, rendered.language, verdict.trace,
        channel === 'sms' && isCapped(row), key && row.patient ? seal(key, rendered.kept, `${row.patient}:body`) : null, toDate(tx.now), toDate(plusMs(tx.now, seconds * 1_000)),
        // Why twice: an attempt is called unclear only when no answer of the provider can come any more.
        (2 * this.config.PROVIDER_TIMEOUT_MS) / 1_000, contact.consent,
      ],
    );
    await Promise.all([written, setState(tx, row.id, 'sending')]);
    for (const { id, reason } of verdict.dropped) await recordOutcome(tx, row, [id], { outcome: 'skipped', reason, channel: null });
    return { ...rendered, attempt, message: row.id, host: row.host, code, at: tx.now, validitySeconds: seconds };
  }
}

/** The end of a message that does not leave now: it waits, or each of its subjects gets a reason (P14). */
async function settle(tx: Tx, row: MessageRow, verdict: Exclude<Verdict, { kind: 'send' }>): Promise<void> {
  if (verdict.kind === 'wait') return putBack(tx, row.id, verdict.until, row.tried);
  for (const { id, reason } of verdict.dropped) await recordOutcome(tx, row, [id], { outcome: 'skipped', reason, channel: null });
  const rest = row.subjects.map(({ id }) => id).filter((id) => !verdict.dropped.some((dropped) => dropped.id === id));
  const outcome = verdict.kind === 'skip' ? 'skipped' : 'call-list';
  await recordOutcome(tx, row, rest, { outcome, reason: verdict.reason, channel: null });
  await setState(tx, row.id, outcome, verdict.reason);
}
