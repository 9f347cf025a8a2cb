import { Injectable } from '@nestjs/common';
import { type LocalDate, type PatientId, addMonths, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentRepository, type VisitOfPatient } from '../../appointments/persistence/appointment.repository';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { type Recall, isClosed } from '../domain/recall';
import { nextMessageAt } from '../domain/recall-time';
import { isAskedFor } from '../domain/standing-visit';
import { RecallRepository, type RequestKey, asRevised } from '../persistence/recall.repository';
import { RecallTimerRepository } from '../persistence/recall-timer.repository';
import { recallMoved, recallRecorded } from '../recall.events';

export type NewRecall = Pick<Recall, 'practice' | 'patient' | 'kind' | 'due' | 'zone' | 'terms' | 'rule' | 'madeAfter' | 'previous' | 'sealedNote' | 'recordedBy'>;

/** The one place where a recall comes to exist or changes its state: row, timer, call and event in one transaction. Callers hold the recall. */
@Injectable()
export class KeepRecall {
  constructor(
    private readonly recalls: RecallRepository, private readonly timers: RecallTimerRepository, private readonly calls: CallListRepository, private readonly patients: PatientRepository, private readonly appointments: AppointmentRepository,
  ) {}

  /** Booked at once where a visit stands for it already. Null: the patient has an open one of this kind, or the request made one before. */
  async record(tx: Tx, given: NewRecall, request: RequestKey | null = null): Promise<Recall | null> {
    const recall: Recall = { ...given, id: newId(), revision: 1, state: 'open', reason: null, messages: 0, lastMessageAt: null, appointment: null, doneOn: null, recordedAt: tx.now };
    if (!(await this.recalls.add(tx, recall, request))) return null;
    tx.outbox.add(recallRecorded(recall));
    if (await this.visitFor(tx, recall)) return this.change(tx, recall, {});
    await this.plan(tx, recall);
    return recall;
  }

  /** The revision rises: what was asked for on the one before does not go any more (P12). What would be open is booked where a visit stands for it. */
  async change(tx: Tx, recall: Recall, change: Partial<Recall>): Promise<Recall> {
    const wanted = asRevised(recall, change);
    const visit = wanted.state === 'open' ? await this.visitFor(tx, wanted) : null;
    const changed: Recall = visit ? { ...wanted, state: 'booked', reason: null, appointment: visit.id } : wanted;
    await this.recalls.save(tx, changed);
    await this.timers.clear(tx, changed.id);
    await this.calls.closeOfRecall(tx, changed.id, changed.state === 'open' ? 'superseded' : `recall-${changed.state}`);
    tx.outbox.add(recallMoved(changed));
    if (changed.state === 'open') await this.plan(tx, changed);
    if (changed.state === 'done') await this.follow(tx, changed);
    return changed;
  }

  /** The nearest visit to come for which nobody needs to be asked. */
  async visitFor(tx: Tx, recall: Recall): Promise<VisitOfPatient | null> {
    if (recall.terms.services.length + recall.terms.visitTypes.length === 0) return null;
    return (await this.appointments.comingOf(tx, recall.patient, tx.now)).find((visit) => visit.host === recall.practice && isAskedFor(recall, visit)) ?? null;
  }

  async done(tx: Tx, recall: Recall, on: LocalDate, appointment: Recall['appointment'] = recall.appointment): Promise<Recall> {
    return this.change(tx, recall, { state: 'done', reason: null, doneOn: on, appointment });
  }

  /** Nobody is written to any more, though it is open: the desk sees it among the unanswered. */
  async silence(tx: Tx, recall: Recall, reason: string): Promise<void> {
    await this.recalls.save(tx, { ...recall, reason: recall.reason ?? reason });
    await this.timers.clear(tx, recall.id);
  }

  /** Sets the time of the next message, where the rule has one. */
  async plan(tx: Tx, recall: Recall): Promise<void> {
    if (isClosed(recall) || recall.state !== 'open' || recall.reason !== null) return;
    const reach = (await this.patients.reaches(tx, [recall.patient])).get(recall.patient);
    if (!reach || reach.gone !== null) return;
    const next = nextMessageAt(recall, reach, tx.now);
    if (next !== null) await this.timers.set(tx, recall, next);
  }

  /** Zone or quiet hours of the patient changed. */
  async replan(tx: Tx, patient: PatientId): Promise<void> {
    for (const recall of await this.recalls.lockOpen(tx, patient)) await this.plan(tx, recall);
  }

  /** What recurs is due again so long after it was done. */
  private async follow(tx: Tx, { doneOn, terms, ...recall }: Recall): Promise<void> {
    if (terms.everyMonths === null || doneOn === null) return;
    await this.record(tx, { ...recall, terms, due: addMonths(doneOn, terms.everyMonths), madeAfter: null, previous: recall.id, sealedNote: null });
  }
}
