import { Injectable } from '@nestjs/common';
import { addDays, DAY, type Instant, instantOf, type LocalDate, type LocalTime, MINUTE, plusMs, type PracticeId, type ServiceCode, toDate, type VisitTypeId } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Agreement, ShareFacts, ShareRule } from '../agreements/domain/share-rule';
import type { Offer } from './domain/opening';
import { OwnOpenings } from './own-openings';
import { type Offered, OpeningDirectory } from './persistence/opening-directory';

interface FirstStart {
  readonly days: number;
  readonly readAt: Instant;
  readonly first: Instant | null;
}
const MOST_KEPT = 2_000;

/** How a host stands with its own patients, as far as rules of its agreements ask: the same answers at search, hold and booking. */
@Injectable()
export class HostPressure {
  private readonly firstStarts = new Map<string, FirstStart>();

  constructor(private readonly own: OwnOpenings, private readonly directory: OpeningDirectory) {}

  of(sql: Sql, agreements: readonly Agreement[], now: Instant): KnownPressure {
    return new KnownPressure(agreements, {
      waitedFor: async (hosts) => sql.query<{ host: PracticeId; service: ServiceCode }>('SELECT host_id AS host, service_code AS service FROM services_waited_for($1, $2)', [hosts, toDate(now)]),
      firstStart: (host, visitType, days) => this.firstStart(sql, host, visitType, days, now),
      offered: (host, visitType) => this.directory.matching(sql, { practice: host, visitType }, now),
    });
  }

  /** Why kept for a minute, and looked for no farther than the rule asks: where all is full it would otherwise be a slow search in each booking. */
  private async firstStart(sql: Sql, practice: PracticeId, visitType: VisitTypeId, days: number, now: Instant): Promise<Instant | null> {
    const key = `${practice}/${visitType}`;
    const kept = this.firstStarts.get(key);
    if (kept && kept.days >= days && now >= kept.readAt && now < kept.readAt + MINUTE) return kept.first;
    const starts = await this.own.open(sql, { practice, visitType }, { range: { start: now, end: plusMs(now, (days + 2) * DAY) }, wanted: 1, now });
    const found = await starts?.next();
    await starts?.return();
    const first = (found?.done === false && found.value[0]?.start) || null;
    if (this.firstStarts.size >= MOST_KEPT) this.firstStarts.clear();
    this.firstStarts.set(key, { days, readAt: now, first });
    return first;
  }
}

interface Reads {
  waitedFor(hosts: readonly PracticeId[]): Promise<readonly { readonly host: PracticeId; readonly service: ServiceCode }[]>;
  firstStart(host: PracticeId, visitType: VisitTypeId, days: number): Promise<Instant | null>;
  offered(host: PracticeId, visitType: VisitTypeId): Promise<readonly Offered[]>;
}
interface Questions {
  readonly guardDays: number | null;
  readonly share: boolean;
}

/** What one search or booking has learnt. Nothing is read where no rule asks. */
export class KnownPressure implements Pick<ShareFacts, 'ownWaiting' | 'firstOwnStart' | 'visitsThatFit'> {
  private readonly questions = new Map<PracticeId, Questions>();
  private readonly waitingHosts: readonly PracticeId[];
  private waiting: ReadonlySet<string> | null = null;
  private readonly learnt = new Map<string, { readonly first: Instant | null; readonly offered: readonly Offered[] }>();
  private readonly fitting = new Map<string, number>();

  constructor(agreements: readonly Agreement[], private readonly reads: Reads) {
    const rules = agreements.flatMap((agreement) => agreement.rules);
    for (const { host, guardDays = null, dailySharePercent = null } of rules) {
      if (guardDays === null && dailySharePercent === null) continue;
      const known = this.questions.get(host);
      this.questions.set(host, { guardDays: guardDays === null ? (known?.guardDays ?? null) : Math.max(guardDays, known?.guardDays ?? 0), share: dailySharePercent !== null || (known?.share ?? false) });
    }
    this.waitingHosts = [...new Set(rules.flatMap(({ host, ownFirstDays = null }) => (ownFirstDays === null ? [] : [host])))];
  }

  /** Whether `learn` has to come before a decision about the offer. */
  asks({ practice, visitType }: Offer): boolean {
    return (this.waiting === null && this.waitingHosts.length > 0) || (visitType !== null && this.questions.has(practice) && !this.learnt.has(keyOf(practice, visitType)));
  }

  async learn({ practice, visitType }: Offer): Promise<void> {
    if (this.waiting === null && this.waitingHosts.length > 0) this.waiting = new Set((await this.reads.waitedFor(this.waitingHosts)).map(({ host, service }) => keyOf(host, service)));
    const asked = this.questions.get(practice);
    if (!asked || visitType === null || this.learnt.has(keyOf(practice, visitType))) return;
    this.learnt.set(keyOf(practice, visitType), {
      first: asked.guardDays === null ? null : await this.reads.firstStart(practice, visitType, asked.guardDays), offered: asked.share ? await this.reads.offered(practice, visitType) : [],
    });
  }

  ownWaiting(host: PracticeId, service: ServiceCode): boolean {
    return this.waiting?.has(keyOf(host, service)) ?? false;
  }

  firstOwnStart(host: PracticeId, visitType: VisitTypeId): Instant | null {
    return this.learnt.get(keyOf(host, visitType))?.first ?? null;
  }

  visitsThatFit(rule: ShareRule, visitType: VisitTypeId, date: LocalDate): number {
    const key = `${rule.id}/${rule.host}/${visitType}/${date}/${rule.sites?.join() ?? ''}/${rule.providers?.join() ?? ''}`;
    let fit = this.fitting.get(key);
    if (fit === undefined) this.fitting.set(key, (fit = this.countOf(rule, visitType, date)));
    return fit;
  }

  private countOf({ host, sites, providers }: ShareRule, visitType: VisitTypeId, date: LocalDate): number {
    let visits = 0;
    for (const { offering, weeks } of this.learnt.get(keyOf(host, visitType))?.offered ?? []) {
      if (!(sites?.includes(offering.site) ?? true) || !(providers?.includes(offering.provider) ?? true)) continue;
      const day = { start: instantOf(date, MIDNIGHT, offering.zone), end: instantOf(addDays(date, 1), MIDNIGHT, offering.zone) };
      const open = weeks.open(day).reduce((ms, piece) => ms + Math.min(piece.end, day.end) - Math.max(piece.start, day.start), 0);
      visits += open / ((offering.bufferBeforeMinutes + offering.durationMinutes + offering.bufferAfterMinutes) * MINUTE);
    }
    return Math.floor(visits);
  }
}
const MIDNIGHT = '00:00' as LocalTime;
const keyOf = (host: PracticeId, of: string): string => `${host}/${of}`;
