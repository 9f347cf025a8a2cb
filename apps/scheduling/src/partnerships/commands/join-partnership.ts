import { PracticeDefined } from '@slotmesh/contracts';
import { Injectable } from '@nestjs/common';
import type { PartnershipId, PracticeId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { getPractice } from '../../practices/practice';
import { InAnotherPartnership } from '../../agreements/domain/agreement.errors';

/** Makes a practice a member. Persons of its patients belong to the partnership from now on, so that they can be linked inside it (P8). A member stays what it is. Throws InAnotherPartnership. */
@Injectable()
export class JoinPartnership {
  async execute(tx: Tx, practice: PracticeId, partnership: PartnershipId): Promise<void> {
    const joined = await tx.execute(`INSERT INTO membership (practice_id, partnership_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [practice, partnership]);
    if (joined === 0) {
      const [own] = await tx.query<{ partnership: PartnershipId }>(`SELECT partnership_id AS partnership FROM membership WHERE practice_id = $1`, [practice]);
      if (own?.partnership !== partnership) throw new InAnotherPartnership([practice]);
      return;
    }
    await tx.execute(`UPDATE person SET partnership_id = $2, lone_practice_id = NULL WHERE lone_practice_id = $1`, [practice, partnership]);
    // Why: who joins while another one leaves shares with it until then, and has to know until when.
    await tx.execute(`UPDATE exit_plan SET practices = ARRAY (SELECT DISTINCT unnest(practices || $1::text) ORDER BY 1) WHERE partnership_id = $2 AND state IN ('notice', 'leaving')`, [practice, partnership]);
    const { version: _, ...facts } = await getPractice(tx, practice);
    tx.outbox.add(eventOf(PracticeDefined, { key: practice, host: practice }, facts));
    tx.audit.record({ action: 'partnership.joined', entity: 'partnership', entityId: partnership, details: { practice } });
  }
}
