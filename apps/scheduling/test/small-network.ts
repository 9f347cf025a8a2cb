import { Clock, type AgreementId, type Instant, type LocalDate, type LocalTime, type PartnershipId, type PracticeId, type ProviderId, type ResourceId, type SiteId, type VisitTypeId, type Zone, addDays, formatInstant, instantOf, newId } from '@slotmesh/kernel';
import { UnitOfWork, createDataSource, workerFor } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { agreementTerms } from '../src/agreements/persistence/agreement-terms.schema';
import { AgreementVersionRepository } from '../src/agreements/persistence/agreement-version.repository';
import { migrations } from '../src/migrations';

class SetClock extends Clock {
  constructor(public at: Instant) {
    super();
  }
  now(): Instant {
    return this.at;
  }
}
export interface Told {
  readonly key: string;
  readonly sequence: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
interface VisitType {
  readonly practice: string;
  readonly service: string;
  readonly minutes: number;
  readonly notice?: number;
  readonly horizon?: number;
  readonly needs?: readonly string[];
  readonly policy?: object;
}

/** A database with the few practices, calendars and agreements that a test counts by hand, on a clock that the test sets. */
export class SmallNetwork {
  readonly clock: SetClock;
  /** As many processes on one database. */
  readonly processes: readonly UnitOfWork[];
  private heard = 0;

  private constructor(private readonly database: TestDatabase, private readonly sources: readonly DataSource[], readonly admin: Client, now: string) {
    this.clock = new SetClock(Date.parse(now) as Instant);
    this.processes = [0, 1].map((n) => new UnitOfWork({ source: 'scheduling', app: sources[2 * n]!, worker: sources[2 * n + 1]!, clock: this.clock }));
  }

  /** `zones`: of each practice; all are in one partnership. */
  static async start(now: string, zones: Readonly<Record<string, string>>): Promise<SmallNetwork> {
    const database = await freshDatabase('scheduling', migrations);
    const sources = await Promise.all([database.appUrl, database.workerUrl, database.appUrl, database.workerUrl].map((url) => createDataSource({ url, poolSize: 2, applicationName: 'small-network' }).initialize()));
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    const network = new SmallNetwork(database, sources, admin, now);
    await admin.query(`INSERT INTO service (code, name) SELECT code, '{"en": "A visit"}' FROM unnest('{skin-check,echo}'::text[]) AS code`);
    await admin.query(`INSERT INTO partnership (id, name) VALUES ($1, 'Small')`, [PARTNERSHIP]);
    for (const [practice, zone] of Object.entries(zones)) {
      await admin.query(`INSERT INTO practice (id, name, zone, phone, email, sender_number) VALUES ($1, $1, $2, '+16175550190', $1 || '@example.com', $1)`, [practice, zone]);
      await admin.query('INSERT INTO membership (practice_id, partnership_id) VALUES ($1, $2)', [practice, PARTNERSHIP]);
      await admin.query(`INSERT INTO member_document (id, practice_id, kind, title, document, sha256, owner, signed_on, expires_on, added_at, added_by)
        SELECT gen_random_uuid(), $1, kind, kind, 'urn:example', repeat('0', 64), 'o', '2026-01-01', '2036-01-01', now(), 's' FROM unnest('{baa,ownership,state-law}'::text[]) AS kind`, [practice]);
    }
    return network;
  }

  async stop(): Promise<void> {
    await Promise.all([this.admin.end(), ...this.sources.map((source) => source.destroy())]);
    await this.database.drop();
  }

  get work(): UnitOfWork {
    return this.processes[0]!;
  }
  moveTo(at: string): void {
    this.clock.at = Date.parse(at) as Instant;
  }

  async site(practice: string, zone: string): Promise<SiteId> {
    const id = newId<SiteId>();
    await this.admin.query(`INSERT INTO site (id, practice_id, name, zone, phone, address, state) VALUES ($1, $2, 'A site', $3, '+16175550191', '{}', 'MA')`, [id, practice, zone]);
    return id;
  }

  async visitType({ practice, service, minutes, notice = 0, horizon = 60, needs = [], policy }: VisitType): Promise<VisitTypeId> {
    const id = newId<VisitTypeId>();
    await this.admin.query(`INSERT INTO visit_type (id, practice_id, service_code, name, duration_minutes, minimum_notice_minutes, horizon_days, modality, needs, policy) VALUES ($1, $2, $3, 'A visit', $4, $5, $6, 'in-person', $7, $8)`,
      [id, practice, service, minutes, notice, horizon, JSON.stringify(needs.map((kind) => ({ kind, capability: null, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 }))), policy ? JSON.stringify(policy) : null]);
    return id;
  }

  async provider(practice: string, gives: readonly VisitTypeId[]): Promise<{ readonly id: ProviderId; readonly resource: ResourceId }> {
    const [id, resource] = [newId<ProviderId>(), newId<ResourceId>()];
    await this.admin.query(`INSERT INTO provider (id, practice_id, name) VALUES ($1, $2, 'Somebody')`, [id, practice]);
    await this.admin.query(`INSERT INTO resource (id, practice_id, provider_id, kind, name) VALUES ($1, $2, $3, 'provider', 'Somebody')`, [resource, practice, id]);
    await this.admin.query('INSERT INTO provider_visit_type (practice_id, provider_id, visit_type_id) SELECT $1, $2, type FROM unnest($3::uuid[]) AS type', [practice, id, gives]);
    return { id, resource };
  }

  /** A room or device. */
  async equipment(practice: string, site: SiteId, kind: string): Promise<void> {
    await this.admin.query(`INSERT INTO resource (id, practice_id, site_id, kind, name) VALUES ($1, $2, $3, $4, $4)`, [newId(), practice, site, kind]);
  }

  /** Hours such as `09:00-12:00` of every week; `keptFor`: visit types that alone may have them. */
  async hours(practice: string, provider: ProviderId, site: SiteId, weekdays: readonly number[], blocks: readonly string[], keptFor: readonly VisitTypeId[] = []): Promise<void> {
    for (const weekday of weekdays) {
      for (const [from, to] of blocks.map((block) => block.split('-'))) {
        await this.admin.query(`INSERT INTO availability (id, practice_id, provider_id, site_id, weekday, from_time, to_time, valid_from, every_weeks, kept_for) VALUES ($1, $2, $3, $4, $5, $6, $7, '2026-01-05', 1, $8)`,
          [newId(), practice, provider, site, weekday, from, to, keptFor.length === 0 ? null : JSON.stringify({ visitTypes: keptFor, services: [], releaseHours: null })]);
      }
    }
  }

  /** Whole days of all the practice, or of a provider. */
  async close(practice: string, first: string, last: string, provider: ProviderId | null = null): Promise<void> {
    await this.admin.query(`INSERT INTO closure (id, practice_id, provider_id, from_date, to_date, reason) VALUES ($1, $2, $3, $4, $5, 'Away')`, [newId(), practice, provider, first, last]);
  }
  async closeFrom(practice: string, from: string, to: string): Promise<void> {
    await this.admin.query(`INSERT INTO closure (id, practice_id, from_at, to_at, reason) VALUES ($1, $2, $3, $4, 'A meeting')`, [newId(), practice, from, to]);
  }

  /** As a hold takes it. */
  async take(practice: string, { id, resource }: { readonly id: ProviderId; readonly resource: ResourceId }, visitType: VisitTypeId, site: SiteId, from: string, to: string): Promise<void> {
    await this.admin.query(
      `WITH h AS (INSERT INTO hold (id, opening, host_id, holder_id, holder_subject, visit_type_id, provider_id, site_id, starts_at, ends_at, placed_at, expires_at) VALUES (gen_random_uuid(), 'o', $1, $1, 's', $2, $3, $4, $5, $6, now(), '2036-01-01') RETURNING id)
       INSERT INTO occupancy (id, host_id, resource_id, during, hold_id, taken_at) SELECT gen_random_uuid(), $1, $7, tstzrange($5, $6), id, now() FROM h`, [practice, visitType, id, site, from, to, resource]);
  }

  /** In force from the first of November 2026. */
  async agree(practices: readonly string[], rules: readonly object[], more: Partial<z.input<typeof agreementTerms>> = {}): Promise<AgreementId> {
    const id = newId<AgreementId>();
    const terms = agreementTerms.parse({ name: 'Small', practices, effectiveFrom: '2026-11-01T00:00:00Z', rules, ...more });
    await this.work.run(workerFor('test', null), (tx) => new AgreementVersionRepository().addInForce(tx, { agreement: id, partnership: PARTNERSHIP, terms, draftedFor: practices[0] as PracticeId, draftedAt: tx.now }));
    return id;
  }

  /** What was published since the last time that somebody asked, in order. */
  async told(): Promise<Told[]> {
    const { rows } = await this.admin.query<Told & { id: string }>('SELECT id, key, sequence::int AS sequence, type, payload FROM outbox WHERE id > $1 ORDER BY outbox.id', [this.heard]);
    this.heard = Number(rows.at(-1)?.id ?? this.heard);
    return rows;
  }
}
const PARTNERSHIP = newId<PartnershipId>();

/** A wall time as RFC 3339. */
export const wall = (date: string, time: string, zone: string): string => formatInstant(instantOf(date as LocalDate, time as LocalTime, zone as Zone));
export const datesFrom = (first: string, count: number): string[] => Array.from({ length: count }, (_, n) => addDays(first as LocalDate, n));
