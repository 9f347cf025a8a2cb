import { Injectable } from '@nestjs/common';
import { toDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';

export const sendingRules = z.object({ freeToEndUser: z.boolean() });
export type SendingRules = z.output<typeof sendingRules>;
const row = z.object({ free_to_end_user: z.boolean() });

/** What a practice says about its sender; as long as it has said nothing, the receiver pays. */
@Injectable()
export class SendingRulesOfPractice {
  constructor(private readonly work: UnitOfWork) {}

  read(caller: StaffCaller): Promise<SendingRules> {
    return this.work.run(caller.actor, async (tx) => {
      const [found] = await tx.query('SELECT free_to_end_user FROM sending_rule WHERE practice = $1', [caller.practice]);
      return { freeToEndUser: found ? row.parse(found).free_to_end_user : false };
    });
  }

  change(caller: StaffCaller, { freeToEndUser }: SendingRules): Promise<SendingRules> {
    return this.work.run(caller.actor, async (tx) => {
      await tx.execute(
        `INSERT INTO sending_rule (practice, free_to_end_user, changed_by, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (practice) DO UPDATE SET free_to_end_user = excluded.free_to_end_user, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
        [caller.practice, freeToEndUser, caller.actor.subject, toDate(tx.now)],
      );
      tx.audit.record({ action: 'sending-rules.changed', entity: 'practice', entityId: caller.practice, details: { freeToEndUser } });
      return { freeToEndUser };
    });
  }
}
