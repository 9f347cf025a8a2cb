import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PartnershipId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import { changed } from '../../simulation/domain/changes';
import { type KnownPractice, partnershipOf } from '../../what-if/domain/known-practices';
import { KnownPracticeRepository } from '../../what-if/persistence/known-practice.repository';
import { keyedId } from '../../keyed-id';
import { WhatIfQueue } from '../../what-if/what-if-queue';
import { plannerOf } from '../../planner';
import type { WhatIfTask } from '../../what-if/what-if-task';
import { CountInThread } from '../count-in-thread';
import type { Rates } from '../domain/counts';
import { asKnown, ratesOf } from '../domain/rates-of';
import { OnlyOperatorsName, TrialKeyReused } from '../domain/trial.errors';
import { TrialRepository } from '../persistence/trial.repository';
import type { TrialRequest } from '../trial.schema';

/** The candidate's name where an operator loads it, and that of the partner where there is none. */
const CANDIDATE = 'candidate';
const INVENTED = 'invented-partner';

/** Keeps counts and rates of a candidate's year of visits, nothing of a visit, and asks the simulator what joining would change for it. Throws ColumnMissing, FileNotText and FileTooLong (as RefusedInThread), ThreadTimedOut, TooManyWaiting, TooMuchUnread, FileTooShort, TooLittleKnown, OnlyOperatorsName, TrialKeyReused, and what WhatIfQueue does. */
@Injectable()
export class LoadTrial {
  constructor(private readonly work: UnitOfWork, private readonly trials: TrialRepository, private readonly known: KnownPracticeRepository, private readonly queue: WhatIfQueue, private readonly count: CountInThread) {}

  async execute(actor: Actor, request: TrialRequest, key: string | undefined): Promise<string> {
    const [id, whatIf] = [keyedId('trial', actor, key), keyedId('trial-what-if', actor, key)];
    const requestHash = hashOf(request);
    if (key !== undefined && (await this.isThere(actor, id, requestHash))) return id;
    const file = await this.count.of(actor.practice, request);
    const rates = ratesOf(file, request.slotsPerDay);
    const task = await this.taskOf(actor, request, rates);
    const isNew = await this.work.run(plannerOf(actor), async (tx) => {
      // Why in one transaction: what waits for a thread without a trial could not be forgotten.
      if (!(await this.queue.add(tx, { id: whatIf, question: { trial: id, changes: task.changes, rules: { share: request.share }, ...task.settings }, task }))) return false;
      await this.trials.add(tx, { id, whatIf, requestHash, rows: file.rows, unreadLines: file.unreadLines, days: file.days, rates });
      tx.audit.record({ action: 'trial.loaded', entity: 'trial', entityId: id, details: { days: file.days.length, beside: task.partnersAreKnown ? 'partnership' : 'invented' } });
      return true;
    });
    if (!isNew) await this.isThere(actor, id, requestHash);
    return id;
  }

  private async taskOf(actor: Actor, { partnership, beside, share, runs, seed }: TrialRequest, rates: Rates): Promise<WhatIfTask> {
    if (partnership !== undefined && actor.kind !== 'operator') throw new OnlyOperatorsName();
    const own = actor.practice ?? CANDIDATE;
    const candidate = asKnown(own, rates);
    const partners = beside === 'invented' ? [] : await this.partners(actor, partnership);
    const all = [candidate, ...(partners.length > 0 ? partners : [{ ...candidate, id: INVENTED }])];
    // The candidate stands alone at present, with as much demand; partners share with each other as they would with it.
    const alone = changed(partnershipOf(all, own, { share }, partners.length > 0 ? null : INVENTED), { kind: 'partner-leaves', practice: own });
    return { version: 1, partnership: alone, settings: { runs, seed }, changes: [{ kind: 'partner-joins', practice: own }], own, partnersAreKnown: partners.length > 0 };
  }

  /** Practices of the caller's partnership, or of the one that an operator names, without the caller's own. */
  private async partners(actor: Actor, partnership: PartnershipId | undefined): Promise<KnownPractice[]> {
    const { practice } = actor;
    const of = practice !== null ? { practice } : partnership === undefined ? null : { partnership };
    return of === null ? [] : (await this.work.run(onBehalfOf(actor), (tx) => this.known.partnership(tx, of))).filter(({ id }) => id !== practice);
  }

  private async isThere(actor: Actor, id: string, requestHash: string): Promise<boolean> {
    const found = await this.work.run(plannerOf(actor), (tx) => this.trials.find(tx, id));
    if (found && found.requestHash !== requestHash) throw new TrialKeyReused();
    return found !== null;
  }
}

const hashOf = ({ file, ...asked }: TrialRequest): string => createHash('sha256').update(JSON.stringify(asked)).update(file).digest('hex');
