import { Injectable } from '@nestjs/common';
import { type Tx } from '@slotmesh/persistence';
import { type DeputyAnswer, type DeputyQuestion, permissionsOf, roles } from '@slotmesh/security';
import { z } from 'zod';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { mayWork } from './domain/may-work';

const staffRow = z.object({ roles: z.array(z.enum(roles)) });

/** Whether a person may work a list of a partner, now: by what the tables say in this transaction, nothing is kept. As a worker, since both practices are looked at. */
@Injectable()
export class DecideDeskWork {
  constructor(private readonly agreements: AgreementRepository) {}

  async execute(tx: Tx, { subject, from, practice, desk, permission }: DeputyQuestion): Promise<DeputyAnswer> {
    const agreements = (await this.agreements.of(tx, practice)).filter(({ practices }) => practices.includes(from));
    const refused = (reason: string): DeputyAnswer => ({ allowed: false, reason, partner: agreements.length > 0 });
    const [row] = await tx.query('SELECT roles FROM staff WHERE subject = $1 AND practice_id = $2 AND active', [subject, from]);
    // Why here as well as in the guard: the guard of another service keeps roles for a while.
    if (!row || !permissionsOf(staffRow.parse(row).roles).has(permission)) return refused('not-staff');
    const decision = mayWork({ subject, of: from }, practice, desk, agreements, tx.now);
    return decision.allowed ? { allowed: true, agreement: decision.agreement } : refused(decision.reason);
  }
}
