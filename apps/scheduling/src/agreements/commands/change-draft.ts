import { Injectable } from '@nestjs/common';
import type { AgreementId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { requireVersion } from '../../shared/version-check';
import { AgreementTermsOf } from '../agreement-terms-of';
import { requireStep, type Signatory } from '../domain/agreement-version';
import type { AgreementTerms } from '../persistence/agreement-terms.schema';
import { AgreementVersionRepository } from '../persistence/agreement-version.repository';
import { requireOwnPart } from './draft-agreement';

/** Writes or discards a draft of the caller's practice. Whoever writes is an author and cannot approve it. Throws AgreementUnknown, VersionUnknown, AgreementHasNoSuchStep, VersionChanged. */
@Injectable()
export class ChangeDraft {
  constructor(private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf) {}

  async write(tx: Tx, by: Signatory, agreement: AgreementId, version: number, expected: number | null, terms: AgreementTerms): Promise<void> {
    const draft = this.known.one(await this.known.locked(tx, agreement, by.practice), version, by.practice);
    requireStep(draft.status, 'change');
    requireVersion(draft.revision, expected);
    if (draft.basedOn === 0) requireOwnPart(by.practice, terms);
    await this.versions.rewrite(tx, agreement, version, terms, by.subject);
    tx.audit.record({ action: 'agreement.draft-changed', entity: 'agreement', entityId: agreement, details: { version, revision: draft.revision + 1 } });
  }

  async discard(tx: Tx, by: Signatory, agreement: AgreementId, version: number): Promise<void> {
    const draft = this.known.one(await this.known.locked(tx, agreement, by.practice), version, by.practice);
    requireStep(draft.status, 'change');
    await this.versions.discard(tx, agreement, version);
    tx.audit.record({ action: 'agreement.draft-discarded', entity: 'agreement', entityId: agreement, details: { version } });
  }
}
