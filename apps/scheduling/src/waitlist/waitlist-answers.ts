import { Injectable } from '@nestjs/common';
import { visitTypeId } from '@slotmesh/contracts';
import type { PracticeId, ServiceCode, VisitTypeId, WaitlistEntryId } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { PatientVault } from '../patients/patient-vault';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { VisitReasons } from '../patients/visit-reasons';
import { AnswersDoNotFit } from '../policies/domain/policy.errors';
import { type Answers, type Question, requireAnswers, requireNoRedFlag, unanswered } from '../policies/domain/questions';
import { answersBody, storedPolicy } from '../policies/policy.schema';
import type { WaitlistEntry } from './waitlist-entry';

/** By visit type: hosts ask different things for one service. */
export const answersByVisitType = z.record(visitTypeId, answersBody);
export type AnswersByVisitType = z.output<typeof answersByVisitType>;

/** What a patient who waits has answered to the questions of the hosts, so that a yes to an offer can book. Sealed under the key of the practice whose patient it is. */
@Injectable()
export class WaitlistAnswers {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository, private readonly appointments: AppointmentRepository, private readonly reasons: VisitReasons) {}

  /** Null: nothing was answered. Throws RedFlagRaised, AnswersRequired, AnswersDoNotFit. */
  async seal(tx: Tx, entry: { readonly id: WaitlistEntryId; readonly practice: PracticeId; readonly service: ServiceCode }, given: AnswersByVisitType): Promise<string | null> {
    if (Object.keys(given).length === 0) return null;
    const questions = await this.questionsOf(tx, entry.service, null);
    const wrong = Object.keys(given).filter((visitType) => !questions.some(({ id }) => id === visitType));
    for (const { id, asked } of questions) requireNoRedFlag(asked, given[id] ?? {});
    for (const { id, asked } of questions) if (given[id]) requireAnswers(asked, given[id], 'waiting');
    if (wrong.length > 0) throw new AnswersDoNotFit(wrong.map((id) => ({ pointer: `/answers/${id}`, detail: 'is no visit type of this service' })));
    return this.vault.sealForPractice(entry.practice, await this.patients.practiceKey(tx, entry.practice), placeOf(entry.id), JSON.stringify(given));
  }

  /** To the questions of one visit type: as answered for the wait list, else for the visit of this type that would be given up. */
  async of(tx: Tx, entry: WaitlistEntry, visitType: VisitTypeId): Promise<Answers> {
    const own = (await this.open(tx, entry))[visitType];
    if (own) return own;
    const visit = entry.replaces === null ? null : await this.appointments.find(tx, entry.replaces);
    if (!visit?.sealedAnswers || visit.visitType !== visitType) return {};
    return answersBody.parse(JSON.parse(await this.reasons.open(tx, visit.host, visit.id, visit.sealedAnswers, 'answers')));
  }

  /** Visit types that would suit and ask what was not answered: their times are not offered until the entry is added again with answers. */
  async missing(tx: Tx, entry: WaitlistEntry): Promise<string[]> {
    const given = await this.open(tx, entry);
    return (await this.questionsOf(tx, entry.wish.service, entry.wish.practices)).filter(({ id, asked }) => unanswered(asked, given[id] ?? {}).length > 0).map(({ id }) => id);
  }

  private async open(tx: Tx, entry: WaitlistEntry): Promise<AnswersByVisitType> {
    if (entry.sealedAnswers === null) return {};
    return answersByVisitType.parse(JSON.parse(this.vault.openForPractice(entry.practice, await this.patients.practiceKey(tx, entry.practice), placeOf(entry.id), entry.sealedAnswers)));
  }

  private async questionsOf(sql: Sql, service: ServiceCode, practices: readonly PracticeId[] | null): Promise<{ readonly id: VisitTypeId; readonly asked: readonly Question[] }[]> {
    const rows = await sql.query<{ id: VisitTypeId; policy: unknown }>(`SELECT id, policy FROM visit_type WHERE active AND service_code = $1 AND ($2::text[] IS NULL OR practice_id = ANY ($2)) ORDER BY id`, [service, practices]);
    return rows.map(({ id, policy }) => ({ id, asked: storedPolicy(policy)?.questions ?? [] }));
  }
}

const placeOf = (entry: WaitlistEntryId): string => `waitlist:${entry}:answers`;
