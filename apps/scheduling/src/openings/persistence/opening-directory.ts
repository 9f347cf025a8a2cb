import { Injectable } from '@nestjs/common';
import { addDays, type Instant, localDateOf, type LocalDate, type PracticeId, type TimeRange, type Zone } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Offering } from '../domain/opening';
import { OpenWeeks } from '../domain/open-weeks';
import { SessionRules } from '../domain/session-rules';
import { CalendarRepository, type Candidates } from './calendar.repository';
import { OfferingRepository, type OfferingFilter } from './offering.repository';

/** An offering with the hours in which it is given. */
export interface Offered {
  readonly offering: Offering;
  readonly weeks: OpenWeeks;
  /** What blocks of the hours are kept for and limited to; null: nothing. */
  readonly rules: SessionRules | null;
  /** For each further resource that a visit of it needs, those that could serve. The offering may be one that was made for a patient. */
  readonly candidates: (offering: Offering) => readonly Candidates[];
}

/** What one practice offers, by when and where: all that a search needs but what is taken. In the order of opening ids. */
class PracticeDirectory {
  private readonly byService = new Map<string, Listed[]>();
  private readonly byVisitType = new Map<string, Listed[]>();
  /** What was asked lately, and found: nothing here changes. */
  private readonly asked = new Map<string, readonly Offered[]>();

  constructor(readonly version: string, private readonly all: readonly Listed[]) {
    for (const listed of all) {
      add(this.byService, listed.offering.service, listed);
      add(this.byVisitType, listed.offering.visitType, listed);
    }
  }

  matching(filter: OfferingFilter, from: LocalDate): readonly Offered[] {
    const { service, visitType, practice, provider, site, language, payer, modality } = filter;
    const key = JSON.stringify([service, visitType, practice, provider, site, language, payer, modality, from]);
    let found = this.asked.get(key);
    if (!found) {
      if (this.asked.size >= MOST_ASKED) this.asked.clear();
      this.asked.set(key, (found = this.look(filter, from)));
    }
    return found;
  }

  private look(filter: OfferingFilter, from: LocalDate): readonly Offered[] {
    const listed = filter.visitType ? this.byVisitType.get(filter.visitType) : filter.service ? this.byService.get(filter.service) : this.all;
    return (listed ?? []).filter(({ offering, lastDay }) => lastDay >= from && meets(offering, filter));
  }
}
interface Listed extends Offered {
  /** The last date on which hours of it may begin. */
  readonly lastDay: LocalDate;
}

const MOST_PRACTICES = 500;
const MOST_ASKED = 256;
const ENDLESS = '9999-12-31' as LocalDate;
const EVER: TimeRange = { start: Date.UTC(1850, 0, 5) as Instant, end: Date.UTC(2200, 0, 1) as Instant };

/**
 * Directories of practices, kept in memory for searches. Each search asks the database which practices the tenant may see and by which transaction each was last changed, so that what is kept is
 * never older than the search, on any replica. Holds and bookings do not read it: they decide by the tables (P5).
 */
@Injectable()
export class OpeningDirectory {
  private readonly kept = new Map<PracticeId, PracticeDirectory>();
  private readonly coming = new Map<string, Promise<PracticeDirectory>>();

  constructor(private readonly offerings: OfferingRepository, private readonly calendars: CalendarRepository) {}

  /** Ordered by the opening ids that they make. */
  async matching(sql: Sql, filter: OfferingFilter, from: Instant): Promise<Offered[]> {
    const versions = await sql.query<{ id: PracticeId; version: string; changing: boolean }>(
      `SELECT p.id, coalesce(v.changed_by::text, '0') AS version, coalesce(current_setting('slotmesh.calendar_changed', true), '') = 'yes' AS changing FROM practice p LEFT JOIN calendar_version v ON v.practice_id = p.id WHERE $1::text IS NULL OR p.id = $1 ORDER BY p.id`, [filter.practice ?? null]);
    const earliest = addDays(localDateOf(from, 'UTC' as Zone), -1);
    const found: Offered[] = [];
    let practices = 0;
    for (const { id, version, changing } of versions) {
      const kept = this.kept.get(id);
      // Why not kept: a transaction that changes what is offered sees what nobody else does yet, and may be taken back.
      const directory = changing ? await this.load(sql, id, version) : kept?.version === version ? kept : await this.current(sql, id, version);
      const matching = directory.matching(filter, earliest);
      if (matching.length > 0) practices += 1;
      found.push(...matching);
    }
    return practices > 1 ? found.sort(byOpeningId) : found;
  }

  private async current(sql: Sql, practice: PracticeId, version: string): Promise<PracticeDirectory> {
    const key = `${practice} ${version}`;
    const other = this.coming.get(key);
    // Why tried again: what made the other search fail, such as its caller having gone, need not be true of this one.
    const shared = other && (await other.catch(() => null));
    if (shared) return shared;
    const coming = this.load(sql, practice, version);
    this.coming.set(key, coming);
    try {
      const directory = await coming;
      if (this.kept.size >= MOST_PRACTICES) this.kept.clear();
      this.kept.set(practice, directory);
      return directory;
    } finally {
      this.coming.delete(key);
    }
  }

  /** What changes while it is read comes with a new version, so that nobody takes it for that. */
  private async load(sql: Sql, practice: PracticeId, version: string): Promise<PracticeDirectory> {
    const offerings = await this.offerings.find(sql, { practice }, EVER.start);
    const calendars = await this.calendars.load(sql, offerings, EVER, { busy: false, equipment: 'of-all-sites' });
    const places = new Map<string, { readonly weeks: OpenWeeks; readonly rules: SessionRules | null; readonly lastDay: LocalDate }>();
    const candidates = (offering: Offering) => calendars.candidates(offering);
    const listed = offerings.map((offering): Listed => {
      const key = `${offering.provider}/${offering.site}`;
      let place = places.get(key);
      if (!place) {
        const schedule = calendars.schedule(offering);
        const lastDay = [...schedule.hours.map(({ validTo }) => validTo ?? ENDLESS), ...schedule.exceptions.map(({ date }) => date)].reduce((last, date) => (date > last ? date : last), '0000-01-01' as LocalDate);
        places.set(key, (place = { weeks: new OpenWeeks(schedule, offering.zone), rules: SessionRules.of(schedule, offering.zone), lastDay }));
      }
      return { offering, ...place, candidates };
    });
    return new PracticeDirectory(version, listed.sort(byOpeningId));
  }
}

/** Ids are written with these in this order. */
const byOpeningId = ({ offering: a }: Offered, { offering: b }: Offered): number => a.visitTypeRef - b.visitTypeRef || a.providerRef - b.providerRef || a.siteRef - b.siteRef;

function meets(offering: Offering, { service, visitType, practice, provider, site, language, payer, modality }: OfferingFilter): boolean {
  return (service === undefined || offering.service === service) && (visitType === undefined || offering.visitType === visitType) && (practice === undefined || offering.practice === practice)
    && (provider === undefined || offering.provider === provider) && (site === undefined || offering.site === site) && (language === undefined || offering.languages.includes(language))
    && (payer === undefined || offering.payers.length === 0 || offering.payers.includes(payer)) && (modality === undefined || offering.modality === modality);
}

function add(lists: Map<string, Listed[]>, key: string, listed: Listed): void {
  const list = lists.get(key);
  if (list) list.push(listed);
  else lists.set(key, [listed]);
}
