import { Injectable } from '@nestjs/common';
import { type PartnershipId, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { MemberAlready } from '../partnership.errors';
import { JoinPartnership } from './join-partnership';

export interface PartnershipFacts {
  readonly name: string;
  /** Two letters: whose law governs it. */
  readonly governingState: string | null;
  /** What patients are told where the members act as one organised health care arrangement (45 CFR 160.103). */
  readonly jointNotice: string | null;
}

/** A practice that is in none begins a partnership; others join it by an agreement that comes into force. Throws MemberAlready. */
@Injectable()
export class FoundPartnership {
  constructor(private readonly join: JoinPartnership) {}

  async execute(tx: Tx, practice: PracticeId, facts: PartnershipFacts): Promise<PartnershipId> {
    const [member] = await tx.query(`SELECT 1 FROM membership WHERE practice_id = $1`, [practice]);
    if (member) throw new MemberAlready();
    const id = newId<PartnershipId>();
    await tx.execute(`INSERT INTO partnership (id, name, governing_state, joint_notice) VALUES ($1, $2, $3, $4)`, [id, facts.name, facts.governingState, facts.jointNotice]);
    tx.audit.record({ action: 'partnership.founded', entity: 'partnership', entityId: id });
    await this.join.execute(tx, practice, id);
    return id;
  }
}
