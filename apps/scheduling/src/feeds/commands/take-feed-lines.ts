import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import { readLocation } from '../domain/feed-location';
import type { FeedKind } from '../domain/feed-manifest';
import { type FeedReport, type TakenLine, lastOfEach, readLines, refuse, repeat } from '../domain/feed-report';
import { readSchedule } from '../domain/feed-schedule';
import { readSlot } from '../domain/feed-slot';
import { ConnectionUnknown, LinesMissing } from '../feed.errors';
import { FeedCalendarRepository } from '../persistence/feed-calendar.repository';
import { type FeedFile, FeedFileRepository } from '../persistence/feed-file.repository';
import { type FeedSource, FeedSourceRepository } from '../persistence/feed-source.repository';

export interface FeedLines {
  readonly kind: FeedKind;
  readonly name: string;
  /** Of the whole file: other bytes are a new reading. */
  readonly hash: string;
  readonly etag: string | null;
  /** How many lines of the file come before these. */
  readonly from: number;
  readonly lines: readonly (string | null)[];
  readonly last: boolean;
}

/**
 * Takes some lines of a file of a publication, once: lines that were taken before are passed over, so that an import which was killed goes on and one
 * that runs again changes nothing. Throws ConnectionUnknown, LinesMissing.
 */
@Injectable()
export class TakeFeedLines {
  constructor(private readonly sources: FeedSourceRepository, private readonly files: FeedFileRepository, private readonly calendar: FeedCalendarRepository) {}

  async execute(tx: Tx, connection: string, chunk: FeedLines): Promise<FeedFile> {
    const source = await this.sources.find(tx, connection);
    if (!source) throw new ConnectionUnknown();
    const file = await this.files.beginOrResume(tx, source, chunk);
    if (file.state === 'taken') return file;
    if (chunk.from > file.lines) throw new LinesMissing(file.lines);
    const lines = chunk.lines.slice(file.lines - chunk.from);
    const report = structuredClone(file.report);
    const changed = file.changed + (await this.take(tx, source, { ...file, report }, lines));
    const after: FeedFile = { ...file, report, changed, lines: file.lines + lines.length, state: chunk.last ? 'taken' : 'reading' };
    await this.files.save(tx, after);
    if (chunk.last) await this.finish(tx, source, after);
    return after;
  }

  private take(tx: Tx, source: FeedSource, file: FeedFile, lines: readonly (string | null)[]): Promise<number> {
    const take = { Location: this.takeLocations, Schedule: this.takeSchedules, Slot: this.takeSlots }[file.kind];
    return take.call(this, tx, source, file, lines);
  }

  private async takeLocations(tx: Tx, source: FeedSource, { report, lines: before }: FeedFile, lines: readonly (string | null)[]): Promise<number> {
    return this.calendar.saveLocations(tx, source, lastOfEach(report, readLines(report, before, lines, readLocation), ({ externalId }) => externalId));
  }

  private async takeSchedules(tx: Tx, source: FeedSource, { report, lines: before }: FeedFile, lines: readonly (string | null)[]): Promise<number> {
    const read = readLines(report, before, lines, readSchedule);
    const sites = await this.calendar.sitesOf(tx, source, read.map(({ value }) => value.location));
    const services = await this.calendar.services(tx);
    const known = read.filter(({ line, value }) => {
      if (!services.has(value.service)) refuse(report, line, "serviceType: not of the partnership's catalogue", true);
      return services.has(value.service);
    });
    const placed = known.flatMap(({ line, value }) => placeFor(report, line, sites.get(value.location), (site) => ({ ...value, site })));
    return this.calendar.saveSchedules(tx, source, lastOfEach(report, placed, ({ externalId }) => externalId));
  }

  private async takeSlots(tx: Tx, source: FeedSource, file: FeedFile, lines: readonly (string | null)[]): Promise<number> {
    const { report, lines: before } = file;
    const schedules = await this.calendar.schedulesOf(tx, source);
    const read = readLines(report, before, lines, (line) => readSlot(line, (schedule) => schedules.get(schedule) ?? null));
    const placed = read.flatMap(({ line, value }) => placeFor(report, line, schedules.get(value.schedule), ({ id }) => ({ ...value, scheduleId: id })));
    const slots = lastOfEach(report, placed, ({ schedule, start }) => `${start} ${schedule}`);
    report.busy += slots.filter(({ free }) => !free).length;
    repeat(report, (await this.calendar.saveSlots(tx, source, file, slots)).repeated);
    return slots.length;
  }

  private async finish(tx: Tx, source: FeedSource, file: FeedFile): Promise<void> {
    await this.calendar.removeUnread(tx, file);
    if (file.changed > 0) await this.files.makeStaleAfter(tx, source, file.kind);
    const { taken, refused } = file.report;
    tx.audit.record({ action: 'feed-file.taken', entity: 'feed-file', entityId: file.id, details: { kind: file.kind, taken, refused: Object.values(refused).reduce((sum, n) => sum + n, 0) } });
  }
}

/** What a line hangs on must be there; else it is refused by a rule of the feed. */
function placeFor<P, T>(report: FeedReport, line: number, place: P | undefined, make: (place: P) => T): TakenLine<T>[] {
  if (place !== undefined) return [{ line, value: make(place) }];
  refuse(report, line, 'actor: its Location is not in the feed, or was refused', true);
  return [];
}
