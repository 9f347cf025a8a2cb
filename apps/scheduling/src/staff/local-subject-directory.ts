import { Injectable, type Provider } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { type Role, type SubjectFacts, SubjectDirectory, roles } from '@slotmesh/security';
import { z } from 'zod';

const KEEP_MS = 3_000;
const KEEP_AT_MOST = 10_000;
const heldRoles = z.array(z.enum(roles));

interface StaffRow {
  practice_id: PracticeId | null;
  roles: Role[];
}

/** Subject -> practice and roles from the staff table; kept for three seconds of real time, so that a role that was taken away is gone at once. */
@Injectable()
export class LocalSubjectDirectory extends SubjectDirectory {
  private readonly kept = new Map<string, { facts: Promise<SubjectFacts | null>; until: number }>();

  constructor(private readonly work: UnitOfWork) {
    super();
  }

  find(subject: string): Promise<SubjectFacts | null> {
    const known = this.kept.get(subject);
    if (known && known.until > Date.now()) return known.facts;
    if (this.kept.size >= KEEP_AT_MOST) this.kept.clear();
    const facts = this.read(subject);
    this.kept.set(subject, { facts, until: Date.now() + KEEP_MS });
    // Why: a failure of the database is no answer and must not be kept.
    facts.catch(() => this.kept.delete(subject));
    return facts;
  }

  private async read(subject: string): Promise<SubjectFacts | null> {
    // Why as worker: who calls is asked before a tenant is known.
    const [row] = await this.work.run(workerFor('staff', null), (tx) => tx.query<StaffRow>('SELECT practice_id, roles FROM staff WHERE subject = $1 AND active', [subject]));
    return row ? { practice: row.practice_id, roles: heldRoles.parse(row.roles) } : null;
  }
}

/** For SecurityModule.forRoot: scheduling answers from its own table what the other services ask it. */
export const localSubjectDirectory: Provider<SubjectDirectory> = { provide: SubjectDirectory, inject: [UnitOfWork], useFactory: (work: UnitOfWork) => new LocalSubjectDirectory(work) };
