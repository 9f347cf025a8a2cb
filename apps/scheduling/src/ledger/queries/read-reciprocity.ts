import { Injectable } from '@nestjs/common';
import { type AgreementId, type LocalDate, type Zone, addDays, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type ReciprocityTerms, reciprocityOf } from '../domain/reciprocity';
import { hoursOf, slotMinutes } from '../domain/slot-minutes';
import { type PartyTotals, ReadLedger } from './read-ledger';

/** Give and take of the parties of an agreement, over the period that it names, dates that are over only. */
@Injectable()
export class ReadReciprocity {
  constructor(private readonly ledger: ReadLedger) {}

  async of(tx: Tx, agreement: AgreementId, terms: ReciprocityTerms, isNetwork: boolean) {
    const today = localDateOf(tx.now, 'UTC' as Zone);
    const period = { first: addDays(today, -terms.periodDays), last: addDays(today, -1) };
    const parties = await this.ledger.totals(tx, agreement, { ...period, at: tx.now }, isNetwork);
    return { agreement, ...terms, from: period.first, to: period.last, parties: parties.map((party) => viewOf(party, terms)) };
  }
}

function viewOf(party: PartyTotals, terms: ReciprocityTerms): { readonly practice: string; readonly from: LocalDate; readonly to: LocalDate; readonly hidden: boolean } {
  const { practice, firstDay, lastDay, offered, withdrawn, takenBack, open, returned, booked, used, wasted } = party;
  const span = { practice, from: firstDay, to: lastDay };
  const kept = slotMinutes(offered - withdrawn - takenBack);
  if (booked === null || used === null || wasted === null) return { ...span, hidden: true, ...{ offeredHours: hoursOf(kept) } };
  const filled = returned === null || open === null ? null : slotMinutes(kept - returned - open);
  const found = reciprocityOf({ practice, offered: kept, filled, taken: slotMinutes(booked + used + wasted) }, terms);
  return {
    ...span, hidden: false,
    ...{ offeredHours: hoursOf(kept), filledHours: filled === null ? null : hoursOf(filled), takenHours: hoursOf(found.taken), balanceHours: hoursOf(found.balance), position: found.position, quotaFactor: found.quotaFactor, proposal: found.proposal },
  };
}
