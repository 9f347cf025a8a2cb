import { Injectable } from '@nestjs/common';
import { PatientAnswered, practiceId } from '@slotmesh/contracts';
import { HOUR, type Instant, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { type ConsentWords, changeConsent } from '../../consents/commands/change-consent';
import type { AnswerTemplate } from '../../messages/domain/fence';
import { IntakeKeys } from '../../providers/intake-keys';
import { type Meaning, isYesOrNo, meaningOf, saysMore } from '../domain/meaning-of-text';
import { type AnswerableVisit, visitOfAnswer } from '../domain/visit-of-answer';
import { answerByText } from './answer-message';
import { answerableVisits } from './answerable-visits';
import { callAbout, openVisits } from './call-about';
import { endLink } from './end-link';
import { type Asked, rememberChoice, takeChoice } from './pending-choice';
import { takeFeedback } from './take-feedback';

export interface Reply {
  readonly id: string;
  readonly message_sid: string;
  readonly host: string;
  readonly to_number: string;
  readonly idx: string;
  readonly sealed_from: string;
  readonly sealed_text: string;
  readonly opt_out_type: string | null;
  readonly received_at: Instant;
}
export interface ReplyEffect {
  readonly meaning: Meaning['kind'];
  /** What was done, a stable code for the inbox. */
  readonly effect: string;
  readonly patient: string | null;
  readonly answer: string | null;
  readonly appointment: string | null;
  /** The visit that the phone was last written to about, whatever was done. */
  readonly about: string | null;
}

/** One automatic reply an hour, so that two machines never talk to each other for long. */
const AUTO_REPLY_PAUSE = HOUR;

/** Does what a text asks for. Everything happens in the caller's transaction; texts back are queued, not sent. */
@Injectable()
export class ReadReply {
  constructor(private readonly keys: IntakeKeys) {}

  async execute(tx: Tx, reply: Reply): Promise<ReplyEffect> {
    const meaning = this.meaning(reply);
    const visits = await answerableVisits(tx, reply.host, reply.idx);
    const patient = await this.patientOf(tx, reply, visits);
    const about = newestOf(visits.filter(({ kind }) => kind === 'appointment'))?.appointment ?? null;
    const effect = (code: string, more: Partial<ReplyEffect> = {}): ReplyEffect => ({ meaning: meaning.kind, effect: code, patient, answer: null, appointment: null, about, ...more });
    const say = (template: AnswerTemplate, about: readonly AnswerableVisit[] = []): Promise<void> => this.say(tx, reply, patient, template, about);

    switch (meaning.kind) {
      case 'stop':
      case 'cancel-word': {
        const changed = await changeConsent(tx, consentOf(reply, 'opted-out'));
        // One confirming text (47 CFR 64.1200(a)(12)); where the provider's own filter took the word, it has answered already.
        if (changed && reply.opt_out_type === null) await say('stop-confirmation');
        // Why read all the same: plain words may mean something else, or more, and what they say must not be lost.
        if (meaning.kind === 'stop') return effect(saysMore(this.words(reply)) ? 'opted-out-and-desk-reads' : 'opted-out');
        await callAbout(tx, reply.host, openVisits(visits), 'cancel-word');
        return effect('opted-out-and-desk-task');
      }
      case 'start': {
        const changed = await changeConsent(tx, consentOf(reply, 'opted-in'));
        if (changed && reply.opt_out_type === null) await say('start-confirmation');
        return effect('opted-in');
      }
      case 'help':
        if (reply.opt_out_type === null) await say('help');
        return effect('helped');
      case 'wrong-number': {
        const ended = await endLink(tx, reply, visits);
        await say('answer-wrong-number');
        await callAbout(tx, reply.host, openVisits(visits).filter(({ patient: whose }) => ended.includes(whose)), 'wrong-number');
        return effect('wrong-number');
      }
      case 'confirm':
      case 'cancel':
      case 'move': {
        // An offer is taken or not; only a visit can be moved.
        const target = visitOfAnswer(meaning.kind === 'move' ? visits.filter(({ kind }) => kind === 'appointment') : visits, tx.now, { yesOrNo: isYesOrNo(this.words(reply)) });
        // Why: nothing was asked that a yes or a no answers, and a no must not end the visit; only words that say so do.
        if (target.kind === 'visit' && target.visit.mustMove && (meaning.kind === 'confirm' || isYesOrNo(this.words(reply)))) {
          await say('answer-must-move', [target.visit]);
          return effect('told-to-move', { patient: target.visit.patient, appointment: target.visit.appointment });
        }
        if (target.kind === 'visit') return effect(`asked-to-${meaning.kind}`, await this.answer(tx, reply, meaning.kind, target.visit, say));
        if (target.kind === 'superseded') {
          await say(presentState(target.visit), [target.visit]);
          return effect('told-current-time', { patient: target.visit.patient, appointment: target.visit.appointment });
        }
        if (target.kind === 'which' && target.visits.length > 0) {
          await rememberChoice(tx, reply, meaning.kind, target.visits);
          await say('answer-which-visit', target.visits);
          return effect('asked-which-visit');
        }
        await say('answer-desk-will-call');
        return effect('no-visit');
      }
      case 'choice': {
        const chosen = await takeChoice(tx, reply, meaning.number);
        if (!chosen) {
          const score = await takeFeedback(tx, reply, meaning.number);
          if (score) await say('answer-thanks');
          if (score) return effect('feedback', score);
        }
        const visit = chosen && visits.find(({ appointment }) => appointment === chosen.appointment);
        if (!chosen || !visit) return this.other(tx, reply, effect, say);
        if (visit.current.revision !== chosen.revision || visit.current.start <= tx.now || !['booked', 'pending', 'proposed'].includes(visit.current.status)) {
          await say(presentState(visit), [visit]);
          return effect('told-current-time', { patient: visit.patient, appointment: visit.appointment });
        }
        if (visit.mustMove && chosen.answer !== 'move') {
          await say('answer-must-move', [visit]);
          return effect('told-to-move', { patient: visit.patient, appointment: visit.appointment });
        }
        return effect(`asked-to-${chosen.answer}`, await this.answer(tx, reply, chosen.answer, { ...visit, revision: chosen.revision }, say));
      }
      case 'other':
        return this.other(tx, reply, effect, say);
    }
  }

  /** A number that no practice is known for yet: only STOP and START are obeyed. */
  async withoutPractice(tx: Tx, reply: Omit<Reply, 'host'>): Promise<void> {
    const { kind } = this.meaning(reply);
    if (kind === 'stop' || kind === 'cancel-word') await changeConsent(tx, { ...consentOf({ ...reply, host: '' }, 'opted-out'), host: null });
    if (kind === 'start') await changeConsent(tx, { ...consentOf({ ...reply, host: '' }, 'opted-in'), host: null });
  }

  private words({ to_number, sealed_text }: Pick<Reply, 'to_number' | 'sealed_text'>): string {
    return this.keys.unseal(to_number, 'text', sealed_text);
  }

  private meaning({ to_number, sealed_text, opt_out_type }: Omit<Reply, 'host'>): Meaning {
    const meaning = meaningOf(this.words({ to_number, sealed_text }));
    // Advanced Opt-Out tells what the provider took the text for; a STOP that it obeyed is one for us as well. YES, which it takes for START, never lifts one here.
    return opt_out_type === 'STOP' && meaning.kind !== 'cancel-word' ? { kind: 'stop' } : meaning;
  }

  private async answer(tx: Tx, reply: Reply, answer: Asked, visit: AnswerableVisit, say: (template: AnswerTemplate, about: readonly AnswerableVisit[]) => Promise<void>): Promise<Partial<ReplyEffect>> {
    // Nothing is moved by a letter: the patient gets the link with which to choose.
    if (answer === 'move') {
      await say('answer-move-link', [visit]);
      return { patient: visit.patient, appointment: visit.appointment };
    }
    const id = newId();
    const host = practiceId.parse(reply.host);
    tx.outbox.add(
      eventOf(PatientAnswered, { key: visit.appointment, host }, { id, host, patient: visit.patient, message: visit.message, subject: { kind: visit.kind, id: visit.appointment, revision: visit.revision }, answer, at: formatInstant(reply.received_at) }),
    );
    return { answer: id, patient: visit.patient, appointment: visit.appointment };
  }

  private async other(tx: Tx, reply: Reply, effect: (code: string) => ReplyEffect, say: (template: AnswerTemplate) => Promise<void>): Promise<ReplyEffect> {
    const [recent] = await tx.query<{ n: string }>(`SELECT count(*) AS n FROM reply WHERE idx = $1 AND host = $2 AND effect = 'inbox-auto-reply' AND received_at > $3`, [reply.idx, reply.host, new Date(plusMs(tx.now, -AUTO_REPLY_PAUSE))]);
    if (Number(recent?.n ?? 0) > 0) return effect('inbox');
    await say('answer-not-understood');
    return effect('inbox-auto-reply');
  }

  private async say(tx: Tx, reply: Reply, patient: string | null, template: AnswerTemplate, about: readonly AnswerableVisit[]): Promise<void> {
    const of = about.length === 1 ? about[0]!.patient : patient;
    await answerByText(tx, { host: reply.host, patient: of, template, to: { idx: reply.idx, sealed: reply.sealed_from }, answerTo: reply.id, visits: about.map(({ kind, appointment, current }) => ({ kind, id: appointment, revision: current.revision })) });
  }

  /** Whose phone it is: of the newest visit written about, else the one patient of this practice that has it. */
  private async patientOf(tx: Tx, reply: Reply, visits: readonly AnswerableVisit[]): Promise<string | null> {
    const newest = newestOf(visits);
    if (newest) return newest.patient;
    const rows = await tx.query<{ patient: string }>(`SELECT DISTINCT patient FROM patient_contact WHERE channel = 'sms' AND idx = $1 AND practice = $2 LIMIT 2`, [reply.idx, reply.host]);
    return rows.length === 1 ? rows[0]!.patient : null;
  }

}

const newestOf = (visits: readonly AnswerableVisit[]): AnswerableVisit | undefined => [...visits].sort((a, b) => b.sentAt - a.sentAt)[0];

/** What the patient is told instead of what was meant by the answer. */
const presentState = ({ kind, current }: AnswerableVisit): AnswerTemplate => (kind === 'appointment' ? 'answer-current-time' : current.status === 'booked' ? 'answer-offer-taken' : 'answer-offer-gone');

const consentOf = (reply: Reply, state: ConsentWords['state']): ConsentWords => ({ channel: 'sms', idx: reply.idx, state, source: 'text', host: reply.host, sealedWords: reply.sealed_text, messageSid: reply.message_sid });
