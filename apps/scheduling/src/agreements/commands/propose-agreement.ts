import { Injectable } from '@nestjs/common';
import { type AgreementId, type PartnershipId, type PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { requireDataForRules } from '../../disclosures/domain/data-sharing';
import { MemberDocuments } from '../../partnerships/member-documents';
import { moneyVersionsOf } from '../../statements/agreed-money';
import { requireMoneyMayBecome } from '../../statements/domain/money-terms';
import { agreementChanged } from '../agreement-events';
import { AgreementTermsOf } from '../agreement-terms-of';
import { DraftOutdated, EffectiveDatePassed, InAnotherPartnership, NotThePresentTerms, ProposalPending } from '../domain/agreement.errors';
import { isTooLate, requireStep, type Signatory, signatureOf } from '../domain/agreement-version';
import { hashOfTerms } from '../domain/terms-hash';
import { AgreementVersionRepository, type StoredVersion } from '../persistence/agreement-version.repository';

/**
 * Puts a draft before every practice that it affects; from now on nothing of it changes. Proposing is the first signature of the proposing practice.
 * Throws AgreementUnknown, VersionUnknown, AgreementHasNoSuchStep, EffectiveDatePassed, ProposalPending, DraftOutdated, InAnotherPartnership, PartyLeaves, NotThePresentTerms, PapersMissing,
 * DataSharingTooNarrow, MoneyTermsNameOthers, MoneyTermsRun, MoneyTermsTooLate.
 */
@Injectable()
export class ProposeAgreement {
  constructor(private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf, private readonly papers: MemberDocuments) {}

  async execute(tx: Tx, by: Signatory, agreement: AgreementId, version: number): Promise<void> {
    const all = await this.known.locked(tx, agreement, by.practice);
    const draft = this.known.one(all, version, by.practice);
    requireStep(draft.status, 'propose');
    if (isTooLate(draft, tx.now)) throw new EffectiveDatePassed();
    const pending = all.find(({ status }) => status === 'proposed' || status === 'approved');
    if (pending) throw new ProposalPending(pending.version);
    const present = this.known.agreed(all);
    if (draft.basedOn !== (present?.version ?? 0)) throw new DraftOutdated(draft.basedOn, present?.version ?? 0);
    const departed = present ? await this.known.departed(tx, present) : [];
    const affected = [...new Set([...draft.practices, ...(present?.practices.filter((practice) => !departed.includes(practice)) ?? [])])].sort();
    await this.requireFree(tx, draft.partnership, draft.practices);
    await this.known.requireAllStay(tx, draft);
    await this.requireHostsOwn(tx, draft);
    requireDataForRules(draft.terms, draft.effectiveFrom);
    requireMoneyMayBecome(moneyVersionsOf(all), draft.terms.money ?? null, draft.practices, draft.effectiveFrom);
    await this.papers.require(tx, by.practice, draft.effectiveFrom);
    const proposed: StoredVersion = { ...draft, status: 'proposed', hash: hashOfTerms(draft.terms), affected };
    await this.versions.propose(tx, agreement, version, { hash: proposed.hash!, affected, by: by.subject, at: tx.now });
    // Why without the authors: who proposes signs as maker; the checker must be somebody who did not write it.
    await this.versions.sign(tx, proposed, signatureOf({ ...proposed, authors: [] }, by, proposed.hash!, tx.now));
    tx.outbox.add(agreementChanged(proposed, 'proposed'));
    tx.audit.record({ action: 'agreement.proposed', entity: 'agreement', entityId: agreement, details: { version, hash: proposed.hash } });
  }

  /** Every party is a member or free to become one, and has people who can sign. */
  private async requireFree(tx: Tx, partnership: PartnershipId, practices: readonly PracticeId[]): Promise<void> {
    const free = await tx.query<{ id: PracticeId }>(
      `SELECT p.id FROM practice p LEFT JOIN membership m ON m.practice_id = p.id WHERE p.id = ANY ($1) AND p.staffed AND coalesce(m.partnership_id, $2) = $2`, [[...practices], partnership]);
    const others = practices.filter((practice) => !free.some(({ id }) => id === practice));
    if (others.length > 0) throw new InAnotherPartnership(others);
  }

  /** A rule opens its host's own time: sites, providers and visit types that it names are the host's. */
  private async requireHostsOwn(tx: Tx, { terms }: StoredVersion): Promise<void> {
    for (const rule of terms.rules) {
      for (const [table, ids] of [['site', rule.sites], ['provider', rule.providers], ['visit_type', rule.visitTypes]] as const) {
        if (ids === null) continue;
        const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE practice_id = $1 AND id = ANY ($2::uuid[])`, [rule.host, [...ids]]);
        if (row?.n !== new Set<string>(ids).size) throw new NotThePresentTerms(`Rule "${rule.id}" names a ${table.replace('_', ' ')} that ${rule.host} does not have. Correct the draft.`);
      }
    }
  }
}
