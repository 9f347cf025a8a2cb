import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock, DAY, type Instant, MINUTE, SECOND, nameFor, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { SCHEDULING_CONFIG, type SchedulingConfig } from '../../config';
import type { Offering } from '../../openings/domain/opening';
import { OwnOpenings } from '../../openings/own-openings';
import { type PublishedResource, locationOf, scheduleIdOf, scheduleOf, slotIdOf, slotOf } from '../domain/published-resources';
import { type PublicationState, PublicationRepository } from '../persistence/publication.repository';

/** SMART Scheduling Links lets readers poll once a minute; between two of them nothing is computed. */
const EVERY_MS = MINUTE;
const PUBLISHED_DAYS = 30;
const SLICE_DAYS = 5;
const MOST_AT_ONCE = 10_000;
/** How long the files of a manifest can still be fetched once a newer one is made. */
export const KEPT_MS = 15 * MINUTE;

/** After a computation that failed, real time: doubled with each failure. */
const FIRST_REST_MS = 5 * SECOND;
const LONGEST_REST_MS = 5 * MINUTE;

/** Brings what is published up to date: at most once a minute by all replicas together, whoever asks. Only changes are written. While another replica computes, and after a failure, the last good one is served. */
@Injectable()
export class RefreshPublication {
  private readonly logger = new Logger('publication');
  private running: Promise<PublicationState> | null = null;
  /** Real time; how long it rested last. */
  private rest = { until: 0, ms: 0 };

  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly publication: PublicationRepository, private readonly openings: OwnOpenings, @Inject(SCHEDULING_CONFIG) private readonly config: SchedulingConfig) {}

  async execute(): Promise<Instant> {
    const state = await this.work.run(workerFor('publication', null), (tx) => this.publication.state(tx));
    const present = isFresh(state, this.clock.now()) ? state : await this.refreshedOrLast(state);
    return present.changedAt ?? this.clock.now();
  }

  /** Why the last one after a failure: readers have nothing better, and each of them would cause the computation anew. Throws where there is none yet. */
  private async refreshedOrLast(last: PublicationState): Promise<PublicationState> {
    if (last.changedAt !== null && Date.now() < this.rest.until) return last;
    try {
      const present = await this.refreshed(last.changedAt !== null);
      this.rest = { until: 0, ms: 0 };
      return present;
    } catch (error) {
      if (last.changedAt === null) throw error;
      return last;
    }
  }

  /** Why one for all callers: the route is public, and callers who wait for the lock must not take every connection. */
  private refreshed(hasLast: boolean): Promise<PublicationState> {
    this.running ??= this.work.run(workerFor('publication', null), (tx) => this.refresh(tx, hasLast)).catch((error: unknown) => {
      const ms = Math.min(LONGEST_REST_MS, Math.max(FIRST_REST_MS, this.rest.ms * 2));
      this.rest = { until: Date.now() + ms, ms };
      this.logger.error(`what is published could not be brought up to date, next try in ${ms / SECOND} s: ${error instanceof Error ? error.message : 'unknown'}`);
      throw error;
    }).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async refresh(tx: Tx, hasLast: boolean): Promise<PublicationState> {
    const before = hasLast ? await this.publication.tryLock(tx) : await this.publication.lock(tx);
    if (before === null) return this.publication.state(tx);
    if (isFresh(before, tx.now)) return before;
    const changed = (await this.publication.forgetPast(tx, KEPT_MS)) + (await this.publish(tx));
    await this.publication.checked(tx, changed > 0);
    return this.publication.state(tx);
  }

  private async publish(tx: Tx): Promise<number> {
    const types = await this.publication.publicVisitTypes(tx);
    const offered = new Map<string, Offering>();
    const accepts = (offering: Offering): boolean => {
      // Why here: a time at a place that tells why somebody comes is not published, whatever it is for.
      const isPublic = types.has(offering.visitType) && nameFor('public', { name: offering.siteName, sensitive: offering.siteSensitive }, '') !== null;
      if (isPublic) offered.set(scheduleIdOf(offering), offering);
      return isPublic;
    };
    const all = { start: tx.now, end: plusMs(tx.now, PUBLISHED_DAYS * DAY) };
    // Why before any time is read: a schedule without free time is published too.
    await this.openings.open(tx, { accepts }, { range: all, wanted: 0, now: tx.now });
    const [sites, services] = [await this.publication.sites(tx, [...offered.values()].map(({ site }) => site)), await this.publication.serviceNames(tx)];
    const phones = new Map<string, string>(sites.map(({ id, phone }) => [id, phone]));
    let changed = 0;
    for (let start = all.start; start < all.end; start = plusMs(start, SLICE_DAYS * DAY)) {
      const slice = { start, end: Math.min(plusMs(start, SLICE_DAYS * DAY), all.end) as Instant };
      const slots = new Map<string, PublishedResource>();
      for await (const free of (await this.openings.open(tx, { accepts }, { range: slice, wanted: MOST_AT_ONCE, now: tx.now })) ?? []) for (const { offer, start: at, end: until } of free) {
        // Why by id: two providers who are free at one time are one line, which says that it can be had.
        if (offer.visitType !== null && !slots.has(slotIdOf(offer, at))) slots.set(slotIdOf(offer, at), slotOf(offer, at, until, phones.get(offer.site) ?? '', this.config.PUBLIC_URL));
      }
      changed += await this.publication.replaceSlots(tx, slice, [...slots.values()]);
    }
    changed += await this.publication.replace(tx, 'Schedule', [...offered.values()].map((offering) => scheduleOf(offering, services.get(offering.service)?.en ?? offering.service)));
    return changed + (await this.publication.replace(tx, 'Location', sites.map(locationOf)));
  }
}

const isFresh = ({ checkedAt, changedAt }: PublicationState, now: Instant): boolean => checkedAt !== null && changedAt !== null && now - checkedAt < EVERY_MS;
