import { Injectable } from '@nestjs/common';
import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { addMonths, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PatientNotYetKnown } from '../../timers/domain/timer.errors';
import { type Recall, isClosed } from '../domain/recall';
import { isAskedFor, meaningOf } from '../domain/standing-visit';
import { RecallRepository } from '../persistence/recall.repository';
import { RecallRuleRepository } from '../persistence/recall-rule.repository';
import { KeepRecall } from './keep-recall';

/** A visit changed: a recall that it stands for is booked, done, or open again, and a visit that took place makes the recalls that the practice's rules ask for. */
@Injectable()
export class FollowVisit {
  constructor(private readonly recalls: RecallRepository, private readonly rules: RecallRuleRepository, private readonly patients: PatientRepository, private readonly keep: KeepRecall) {}

  /** Throws PatientNotYetKnown. */
  async execute(tx: Tx, visit: AppointmentSnapshot): Promise<void> {
    const meaning = meaningOf(visit.status);
    if (meaning === 'nothing') return;
    // Why first: whoever changes the patient holds the record and then what hangs on it.
    const reach = await this.patients.reachForPlanning(tx, visit.patient);
    if (!reach) throw new PatientNotYetKnown();
    if (meaning === 'fell-away') return this.fellAway(tx, visit);
    for (const recall of await this.recalls.lockStanding(tx, visit.host, visit.patient)) await this.one(tx, recall, visit, meaning);
    if (meaning === 'done' && reach.gone === null) await this.applyRules(tx, visit);
  }

  private async one(tx: Tx, recall: Recall, visit: AppointmentSnapshot, meaning: 'stands' | 'done'): Promise<void> {
    const mine = recall.appointment === visit.id;
    const fits = isAskedFor(recall, visit);
    if (meaning === 'done') {
      if (mine || fits) await this.keep.done(tx, recall, localDateOf(visit.start, visit.zone), visit.id);
    } else if (recall.state === 'open' && fits) await this.keep.change(tx, recall, { state: 'booked', reason: null, appointment: visit.id });
    // It moved to a time at which it is another matter.
    else if (mine && !fits) await this.keep.change(tx, recall, { state: 'open', appointment: null, messages: 0 });
  }

  /** Called off, missed, or entered by mistake: what it stood for is due again and asked about anew, and what was made after it was made by mistake too. */
  private async fellAway(tx: Tx, visit: AppointmentSnapshot): Promise<void> {
    const hanging = await this.recalls.lockOfVisit(tx, visit.id);
    const made = hanging.filter((recall) => recall.madeAfter === visit.id && !isClosed(recall));
    for (const recall of made) await this.keep.change(tx, recall, { state: 'stopped', reason: 'visit-corrected' });
    for (const recall of hanging.filter((each) => each.appointment === visit.id)) {
      if (recall.state === 'booked') await this.keep.change(tx, recall, { state: 'open', appointment: null, messages: 0 });
      // Why only where nothing of the kind stands: what recurs has gone on from it, and one open recall is enough.
      else if (recall.state === 'done' && !(await this.recalls.goesOn(tx, recall))) await this.keep.change(tx, recall, { state: 'open', appointment: null, doneOn: null, messages: 0 });
    }
  }

  private async applyRules(tx: Tx, { id, host, patient, service, start, zone }: AppointmentSnapshot): Promise<void> {
    for (const rule of await this.rules.after(tx, host, service)) {
      await this.keep.record(tx, {
        practice: host, patient, kind: rule.kind, due: addMonths(localDateOf(start, zone), rule.afterMonths), zone, terms: rule.terms, rule: rule.id, madeAfter: id, previous: null, sealedNote: null, recordedBy: `rule:${rule.id}`,
      });
    }
  }
}
