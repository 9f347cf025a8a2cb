import { Injectable } from '@nestjs/common';
import { serviceCode, siteId, providerId, visitTypeId, zone } from '@slotmesh/contracts';
import { DomainError, type AgreementId, type Instant, type LocalDate, type PracticeId, formatInstant, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { appointmentStatuses } from '../../appointments/domain/transitions';
import { placesOf } from '../domain/shared-day';
import { hoursOf, slotMinutes } from '../domain/slot-minutes';
import { type LedgerLine, LedgerRepository } from '../persistence/ledger.repository';
import { SharedDayRepository } from '../persistence/shared-day.repository';

export class EntryUnknown extends DomainError {
  constructor() {
    super('not-found', 'ledger-entry-unknown', "Your practice's ledger has no entry with this id: what became of a visit is shown to its host and to the practice that booked it.");
  }
}

/** Of one party of an agreement. Null: hidden, because it would tell of fewer than 11 visits of others. */
export interface PartyTotals {
  readonly practice: PracticeId; readonly own: boolean; readonly firstDay: LocalDate; readonly lastDay: LocalDate;
  readonly offered: number; readonly withdrawn: number; readonly takenBack: number; readonly open: number | null; readonly returned: number | null;
  readonly booked: number | null; readonly used: number | null; readonly wasted: number | null;
}
/** Dates by the wall of the site, both inclusive; `at`: as it was known then. */
export interface Period {
  readonly first: LocalDate;
  readonly last: LocalDate;
  readonly at: Instant;
}

const visitRow = z.object({ status: z.enum(appointmentStatuses), zone, service_code: serviceCode, visit_type_id: visitTypeId, provider_id: providerId, site_id: siteId });

@Injectable()
export class ReadLedger {
  constructor(private readonly ledger: LedgerRepository, private readonly days: SharedDayRepository) {}

  /** Both lines of a posting and what made it, as far as the reader may read that. Throws EntryUnknown. */
  async entry(tx: Tx, id: string) {
    const lines = await this.ledger.posting(tx, id);
    const [line] = lines;
    if (!line) throw new EntryUnknown();
    return { id, agreement: line.agreement, day: line.day, at: formatInstant(line.at), host: line.host, booking: line.booking, lines: lines.map(viewOfSide), cause: await this.cause(tx, line) };
  }

  /** Why others by what is known now, whatever was asked for: what was put right between two moments is of few visits, and the present month is not over (P18). */
  async totals(tx: Tx, agreement: AgreementId, period: Period, isNetwork: boolean): Promise<PartyTotals[]> {
    const present = await this.totalsAt(tx, agreement, { ...period, at: tx.now }, isNetwork);
    if (period.at >= tx.now) return present;
    return [...present.filter(({ own }) => !own), ...(await this.totalsAt(tx, agreement, period, isNetwork)).filter(({ own }) => own)].sort((a, b) => (a.practice < b.practice ? -1 : 1));
  }

  private totalsAt(sql: Sql, agreement: AgreementId, { first, last, at }: Period, isNetwork: boolean): Promise<PartyTotals[]> {
    return sql.query<PartyTotals & Record<string, unknown>>(
      `SELECT practice, own, first_day::text AS "firstDay", last_day::text AS "lastDay", offered, withdrawn, taken_back AS "takenBack", open, returned, booked, used, wasted FROM ledger_totals($1, $2::date, $3::date, $4, $5)`,
      [agreement, first, last, toDate(at), isNetwork]);
  }

  private async cause(tx: Tx, { causeKind, causeId, host }: LedgerLine) {
    if (causeKind === 'shared-day') {
      const day = await this.days.find(tx, causeId);
      return { kind: causeKind, id: causeId, host, date: day?.date ?? null, over: day?.ended ?? null, stoodOpen: day && { minutes: day.standing, hours: hoursOf(day.standing), places: placesOf(day.visits) } };
    }
    const [found] = await tx.query<{ starts_at: Date; ends_at: Date }>('SELECT status, zone, starts_at, ends_at, service_code, visit_type_id, provider_id, site_id FROM appointment WHERE id = $1', [causeId]);
    if (!found) return { kind: causeKind, id: causeId, host, visit: null };
    tx.audit.record({ action: 'ledger-entry.opened', entity: 'appointment', entityId: causeId });
    const { status, service_code, visit_type_id, provider_id, site_id, zone: siteZone } = visitRow.parse(found);
    return {
      kind: causeKind, id: causeId, host,
      visit: { status, start: formatInstant(instantOfDate(found.starts_at)), end: formatInstant(instantOfDate(found.ends_at)), zone: siteZone, service: service_code, visitType: visit_type_id, provider: provider_id, site: site_id },
    };
  }
}

export const viewOfSide = ({ practice, account, minutes }: LedgerLine) => ({ practice, account, minutes, hours: hoursOf(slotMinutes(minutes)) });
