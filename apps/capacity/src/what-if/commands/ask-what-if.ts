import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import { everybodyReaches, usualBehaviour, usualRules } from '../../simulation/domain/partnership';
import { partnershipOf } from '../domain/known-practices';
import { OperatorsGivePractices, WhatIfKeyReused } from '../domain/what-if.errors';
import { KnownPracticeRepository } from '../persistence/known-practice.repository';
import { WhatIfRepository } from '../persistence/what-if.repository';
import { keyedId } from '../../keyed-id';
import { plannerOf } from '../../planner';
import { WhatIfQueue } from '../what-if-queue';
import type { WhatIfTask } from '../what-if-task';
import type { WhatIfQuestion } from '../what-if.schema';

/** Puts a question to the simulator in the queue. The same person with the same key gets the one that there is. Throws what WhatIfQueue does, TooLittleKnown, OperatorsGivePractices, WhatIfKeyReused. */
@Injectable()
export class AskWhatIf {
  constructor(private readonly work: UnitOfWork, private readonly whatIfs: WhatIfRepository, private readonly known: KnownPracticeRepository, private readonly queue: WhatIfQueue) {}

  async execute(actor: Actor, question: WhatIfQuestion, key: string | undefined): Promise<string> {
    const id = keyedId('what-if', actor, key);
    // Why first: a repetition gets its answer also where by now too little is known, or too many wait.
    if (key !== undefined && (await this.isThere(actor, id, question))) return id;
    const task = await this.taskOf(actor, question);
    const isNew = await this.work.run(plannerOf(actor), async (tx) => {
      if (!(await this.queue.add(tx, { id, question, task }))) return false;
      tx.audit.record({ action: 'what-if.asked', entity: 'what-if', entityId: id, details: { kind: task.changes === null ? 'advice' : 'changes', practices: question.practices ? 'given' : 'known' } });
      return true;
    });
    if (!isNew) await this.isThere(actor, id, question);
    return id;
  }

  private async taskOf(actor: Actor, { practices, rules = {}, changes, runs, seed }: WhatIfQuestion): Promise<WhatIfTask> {
    const asked = { version: 1 as const, settings: { runs, seed }, changes: changes ?? null };
    if (practices !== undefined) {
      const reached = everybodyReaches(practices.map(({ id, slotsPerDay, load }) => ({ id, slotsPerDay, load })));
      const partnership = { practices: reached.map((one, p) => ({ ...one, neighbours: practices[p]?.neighbours ?? one.neighbours })), rules: { ...usualRules, share: 0, ...rules }, behaviour: usualBehaviour };
      return { ...asked, partnership: partnership, own: practices.some(({ id }) => id === actor.practice) ? actor.practice : null, partnersAreKnown: false };
    }
    const { practice } = actor;
    if (practice === null) throw new OperatorsGivePractices();
    const known = await this.work.run(onBehalfOf(actor), (tx) => this.known.partnership(tx, { practice }));
    return { ...asked, partnership: partnershipOf(known, practice, rules), own: practice, partnersAreKnown: true };
  }

  private async isThere(actor: Actor, id: string, question: WhatIfQuestion): Promise<boolean> {
    const found = await this.work.run(plannerOf(actor), (tx) => this.whatIfs.find(tx, id));
    if (found && !isDeepStrictEqual(found.question, JSON.parse(JSON.stringify(question)))) throw new WhatIfKeyReused();
    return found !== null;
  }
}
