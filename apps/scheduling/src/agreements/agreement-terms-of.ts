import { Injectable } from '@nestjs/common';
import type { AgreementId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AgreementUnknown, VersionUnknown } from './domain/agreement.errors';
import type { AgreementStatus } from './domain/agreement-version';
import { AgreementVersionRepository, type StoredVersion } from './persistence/agreement-version.repository';

const AGREED: ReadonlySet<AgreementStatus> = new Set<AgreementStatus>(['approved', 'in-force', 'superseded']);

/** How use-cases find the version that they are about. */
@Injectable()
export class AgreementTermsOf {
  constructor(private readonly versions: AgreementVersionRepository) {}

  /** Every version, the agreement locked. Throws AgreementUnknown where the practice is no party. */
  async locked(tx: Tx, agreement: AgreementId, party: PracticeId): Promise<StoredVersion[]> {
    if (!(await this.versions.lock(tx, agreement, party))) throw new AgreementUnknown();
    return this.versions.all(tx, agreement);
  }

  /** Throws VersionUnknown, also for another practice's draft. */
  one(all: readonly StoredVersion[], version: number, reader: PracticeId): StoredVersion {
    const found = all.find((one) => one.version === version);
    if (!found || !maySee(found, reader)) throw new VersionUnknown();
    return found;
  }

  /** What was agreed last, if anything was and it has not ended for good. */
  agreed(all: readonly StoredVersion[]): StoredVersion | null {
    return all.findLast(({ status }) => AGREED.has(status)) ?? null;
  }

  inForce(all: readonly StoredVersion[]): StoredVersion | null {
    return all.find(({ status }) => status === 'in-force') ?? null;
  }
}

const maySee = ({ status, draftedFor, practices, affected }: StoredVersion, reader: PracticeId): boolean => draftedFor === reader || (status !== 'draft' && (practices.includes(reader) || affected.includes(reader)));
