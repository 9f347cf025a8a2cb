import { Injectable } from '@nestjs/common';
import type { AgreementId, PracticeId } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { AgreementTermsOf } from '../agreements/agreement-terms-of';
import { AgreementVersionRepository, type StoredVersion } from '../agreements/persistence/agreement-version.repository';
import { type MoneyTerms, type MoneyVersion, governedBy, moneyOf } from './domain/money-terms';
import type { Period, PeriodCode } from './domain/period';
import { NoMoneyTerms } from './domain/statement.errors';

export interface GoverningMoney {
  readonly version: number;
  readonly money: MoneyTerms;
  readonly period: Period;
  /** All that the same prices govern, in order. */
  readonly periods: readonly Period[];
}

/** What agreements say about money. */
@Injectable()
export class AgreedMoney {
  constructor(private readonly known: AgreementTermsOf, private readonly versions: AgreementVersionRepository) {}

  /** Locks the agreement, so that costs are recorded and statements made one after the other. Throws AgreementUnknown where the practice is no party, NoMoneyTerms. */
  async locked(tx: Tx, agreement: AgreementId, party: PracticeId, period: PeriodCode): Promise<GoverningMoney> {
    const versions = moneyVersionsOf(await this.known.locked(tx, agreement, party));
    const found = moneyOf(versions, period, tx.now);
    if (!found) throw new NoMoneyTerms(period);
    if (!found.money.parties.includes(party)) throw new NoMoneyTerms(period);
    return { version: found.version.version, money: found.money, period: found.period, periods: governedBy(versions, found.money, tx.now) };
  }

  /** What a version said when a statement was made on it. */
  async ofVersion(sql: Sql, agreement: AgreementId, reader: PracticeId, version: number): Promise<MoneyTerms | null> {
    return (await this.versions.ofAgreements(sql, [agreement], reader)).find((one) => one.version === version)?.terms.money ?? null;
  }
}

/** Versions that were approved: in force some time, or to be. A proposal that came to nothing has an end at its beginning. */
export const moneyVersionsOf = (versions: readonly StoredVersion[]): MoneyVersion[] =>
  versions.filter(({ status, effectiveFrom, effectiveTo }) => status !== 'draft' && status !== 'proposed' && (effectiveTo === null || effectiveTo > effectiveFrom))
    .map(({ version, practices, effectiveFrom, effectiveTo, terms }) => ({ version, practices, effectiveFrom, effectiveTo, money: terms.money ?? null }));

