import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import { changed } from '../../simulation/domain/changes';
import { everybodyReaches, usualBehaviour, usualRules } from '../../simulation/domain/partnership';
import { partnershipOf } from '../domain/known-practices';
import { yearsOf } from '../domain/what-if-answer';
import { OperatorsGivePractices, TooManyWhatIfs, WhatIfKeyInvalid, WhatIfKeyReused } from '../domain/what-if.errors';
import { KnownPracticeRepository } from '../persistence/known-practice.repository';
import { WhatIfRepository } from '../persistence/what-if.repository';
import { askerOf } from '../what-if-reader';
import type { WhatIfTask } from '../what-if-task';
import type { WhatIfQuestion } from '../what-if.schema';

/** Of one practice, waiting and running. */
const MOST_OPEN = 10;

/** Puts a question to the simulator in the queue. The same person with the same key gets the one that there is. Throws NotInPartnership, TooLittleKnown, OperatorsGivePractices, TooManyWhatIfs, WhatIfKeyInvalid, WhatIfKeyReused. */
@Injectable()
export class AskWhatIf {
  constructor(private readonly work: UnitOfWork, private readonly whatIfs: WhatIfRepository, private readonly known: KnownPracticeRepository) {}

  async execute(actor: Actor, question: WhatIfQuestion, key: string | undefined): Promise<string> {
    if (key !== undefined && (key.trim().length === 0 || key.length > 255)) throw new WhatIfKeyInvalid();
    const id = key === undefined ? newId() : idOf(actor, key);
    // Why first: a repetition gets its answer also where by now too little is known, or too many wait.
    if (key !== undefined && (await this.isThere(actor, id, question))) return id;
    const task = await this.taskOf(actor, question);
    // Why only to see that it throws nothing: what cannot be tried is told now, not when its turn comes.
    question.changes?.reduce(changed, task.partnership);
    const isNew = await this.work.run(askerOf(actor), async (tx) => {
      if ((await this.whatIfs.open(tx, actor.practice)) >= MOST_OPEN) throw new TooManyWhatIfs(MOST_OPEN);
      if (!(await this.whatIfs.add(tx, { id, question, task, total: yearsOf(task) }))) return false;
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
    const known = await this.work.run(onBehalfOf(actor), (tx) => this.known.partnership(tx, practice));
    return { ...asked, partnership: partnershipOf(known, practice, rules), own: practice, partnersAreKnown: true };
  }

  private async isThere(actor: Actor, id: string, question: WhatIfQuestion): Promise<boolean> {
    const found = await this.work.run(askerOf(actor), (tx) => this.whatIfs.find(tx, id));
    if (found && !isDeepStrictEqual(found.question, JSON.parse(JSON.stringify(question)))) throw new WhatIfKeyReused();
    return found !== null;
  }
}

/** A UUID version 8 (RFC 9562) of who asks and the key, so that the table's own key keeps a repetition out. */
function idOf({ subject, practice }: Actor, key: string): string {
  const hex = createHash('sha256').update(JSON.stringify(['what-if', practice, subject, key])).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
