import { Injectable } from '@nestjs/common';
import { type AgreementId, Clock, type PracticeId, toDate } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { JoinPartnership } from '../../partnerships/commands/join-partnership';
import { oneByOne } from '../../shared/one-by-one';
import { agreementChanged } from '../agreement-events';
import { AgreementTermsOf } from '../agreement-terms-of';
import { AgreementVersionRepository, type StoredVersion } from '../persistence/agreement-version.repository';

const AT_ONCE = 50;

/**
 * Carries out what time decides: an approved version comes into force and supersedes the one before, a proposal that was not signed in time lapses, a version that has reached its end is terminated.
 * Sharing does not wait for it: the decision goes by instants (P7). Parties that are new to the partnership become members here.
 */
@Injectable()
export class ComeIntoForce {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf, private readonly join: JoinPartnership) {}

  async execute(): Promise<number> {
    const worker = workerFor('agreements', null);
    const due = await this.work.run(worker, (tx) => this.versions.due(tx, this.clock.now(), AT_ONCE));
    return oneByOne(due, (id) => this.work.run(worker, (tx) => this.settle(tx, id)).then(() => 1));
  }

  private async settle(tx: Tx, id: AgreementId): Promise<void> {
    await tx.query(`SELECT id FROM agreement WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    const all = await this.versions.all(tx, id);
    const signed = all.find(({ status, effectiveFrom }) => status === 'approved' && effectiveFrom <= tx.now) ?? null;
    const next = signed && (await this.mayBegin(tx, signed, all)) ? signed : null;
    for (const version of signed !== null && next === null ? await this.versions.all(tx, id) : all) {
      if (version.status === 'proposed' && version.effectiveFrom <= tx.now) {
        await this.versions.end(tx, id, version.version, 'lapsed', null);
        this.tell(tx, { ...version, effectiveTo: version.effectiveFrom }, 'terminated', 'lapsed');
      }
      if (version.status === 'in-force' && (next !== null || (version.effectiveTo !== null && version.effectiveTo <= tx.now))) await this.finish(tx, version, next);
    }
    if (next === null) return;
    await this.versions.setStatus(tx, id, next.version, 'in-force');
    await this.admit(tx, next);
    this.tell(tx, next, 'in-force', 'in-force');
    // Why: it may have ended, too, while nobody looked.
    if (next.effectiveTo !== null && next.effectiveTo <= tx.now) await this.finish(tx, next, null);
  }

  /** Since it was signed a party may have joined another partnership: then it never begins, and what was in force goes on. */
  private async mayBegin(tx: Tx, signed: StoredVersion, all: readonly StoredVersion[]): Promise<boolean> {
    const others = await tx.query<{ id: PracticeId }>(`SELECT practice_id AS id FROM membership WHERE practice_id = ANY ($1) AND partnership_id <> $2 ORDER BY 1`, [[...signed.practices], signed.partnership]);
    if (others.length === 0) return true;
    await this.known.callOff(tx, all, signed, 'lapsed', `in another partnership by then: ${others.map(({ id }) => id).join(', ')}`);
    return false;
  }

  private async finish(tx: Tx, version: StoredVersion, next: StoredVersion | null): Promise<void> {
    const [notice] = (await this.versions.noticesOf(tx, [version.agreement])).filter(({ endsAt }) => endsAt !== null);
    if (next) await this.versions.setStatus(tx, version.agreement, version.version, 'superseded');
    else await this.versions.end(tx, version.agreement, version.version, notice ? 'notice' : 'term', null);
    this.tell(tx, version, next ? 'superseded' : 'terminated', next ? 'superseded' : 'terminated');
  }

  private tell(tx: Tx, version: StoredVersion, status: 'in-force' | 'superseded' | 'terminated', what: string): void {
    tx.outbox.add(agreementChanged(version, status));
    tx.audit.record({ action: `agreement.${what}`, entity: 'agreement', entityId: version.agreement, details: { version: version.version } });
  }

  private async admit(tx: Tx, { partnership, practices, effectiveFrom }: StoredVersion): Promise<void> {
    // Why: where nobody looked for a while, a party may have left between the beginning and now.
    const left = (await tx.query<{ id: PracticeId }>(`SELECT practice_id AS id FROM exit_plan WHERE practice_id = ANY ($1) AND partnership_id = $2 AND left_at IS NOT NULL AND exit_at > $3`, [[...practices], partnership, toDate(effectiveFrom)])).map(({ id }) => id);
    for (const practice of practices) if (!left.includes(practice)) await this.join.execute(tx, practice, partnership);
  }
}
