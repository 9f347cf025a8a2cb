import { Injectable } from '@nestjs/common';
import { localDate } from '@slotmesh/contracts';
import { type LocalDate, NEUTRAL_CODE, type PracticeId, addDays, formatInstant, localDateOf, nameFor, parseZone } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ReferenceRepository } from '../../reference/persistence/reference.repository';
import { type CatalogueMeasure, type Dimension, type MeasureId, measureCalled } from '../domain/catalogue';
import { judge } from '../domain/control-limits';
import { CannotGroupBy, OperatorsHaveNoOwn, SupplyPartsDoNotAdd, TooManyCells } from '../domain/measure.errors';
import { missingSources } from '../domain/sources';
import { CatalogueRepository, type Cell, type CellQuery, type RowPart } from '../persistence/catalogue.repository';
import { SourceProgressRepository } from '../persistence/source-progress.repository';

const UTC = parseZone('UTC');
/** More would be read by nobody and kept in memory by us. */
const MOST_CELLS = 10_000;

/** The numbers of a measure of the catalogue, with its definition, what they may lack, and whether a change is more than chance. */
@Injectable()
export class TakeCatalogueMeasure {
  constructor(private readonly work: UnitOfWork, private readonly cells: CatalogueRepository, private readonly progress: SourceProgressRepository, private readonly reference: ReferenceRepository) {}

  /** The caller's own practice. Throws CannotGroupBy, SupplyPartsDoNotAdd, TooManyCells, OperatorsHaveNoOwn. */
  async own(actor: Actor, id: MeasureId, query: CellQuery) {
    const measure = measureCalled(id);
    check(measure, query);
    const { practice } = actor;
    if (practice === null) throw new OperatorsHaveNoOwn();
    return this.work.run(actor, async (tx) => {
      const cells = await this.cells.own(tx, measure, practice, query, MOST_CELLS);
      if (cells.length > MOST_CELLS) throw new TooManyCells(MOST_CELLS);
      const sources = await this.progress.of(tx, measure.sources);
      return { ...told(measure), asOf: formatInstant(tx.now), sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })), missing: missingSources(sources), ...(await this.compared(tx, measure, practice, judged(measure, query, localDateOf(tx.now, UTC), cells))), nextCursor: null };
    });
  }

  /** A rate of use beside what it was before sharing: `ratio` 1.1 is a tenth more with the same hours. */
  private async compared<Item extends Cell>(tx: Tx, measure: CatalogueMeasure, practice: PracticeId, items: readonly Item[]) {
    if (measure.kind !== 'per') return { items };
    const baseline = await this.cells.beforeSharing(tx, measure, practice);
    return { baseline, items: items.map((item) => ({ ...item, ratio: baseline === null || item.value === null || baseline.value === 0 ? null : Math.round((item.value / baseline.value) * 1_000) / 1_000 })) };
  }

  /** Partners and the own practice side by side, and for each service and month the middle of those that are shown. */
  async network(actor: Actor, id: MeasureId, months: { readonly from: string; readonly to: string }) {
    const measure = measureCalled(id);
    return this.work.run(actor, async (tx) => {
      const [cells, sources, sensitive] = [await this.cells.network(tx, measure, months, actor.kind === 'operator'), await this.progress.of(tx, measure.sources), await this.reference.sensitiveServices(tx)];
      const items = cells.map((cell) => (cell.service === undefined ? cell : { ...cell, service: nameFor(cell.opens ? 'own-staff' : 'statistics', { name: cell.service, sensitive: sensitive.has(cell.service) }, NEUTRAL_CODE) }));
      return { ...told(measure), asOf: formatInstant(tx.now), sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })), missing: missingSources(sources), line: lineOf(cells.filter(({ service }) => service === undefined || !sensitive.has(service))), items, nextCursor: null };
    });
  }

  /** What stands behind a number of the caller's own practice, by kind and id. */
  async rows(actor: Actor, id: MeasureId, part: RowPart, query: Omit<CellQuery, 'by' | 'group'>, after: string | null, limit: number) {
    check(measureCalled(id), { ...query, group: [] });
    const { practice } = actor;
    if (practice === null) throw new OperatorsHaveNoOwn();
    return this.work.run(actor, async (tx) => {
      const found = await this.cells.rows(tx, id, practice, part, query, after, limit + 1);
      const items = found.slice(0, limit);
      tx.audit.record({ action: 'measure.opened', entity: 'measure', entityId: id, details: { ...query, part, rows: items.length } });
      return { asOf: formatInstant(tx.now), items: items.map((row) => ({ row })), nextCursor: found.length > limit ? (items.at(-1) ?? null) : null };
    });
  }
}

const told = ({ definition, kind, unit, dimensions, acrossPractices }: CatalogueMeasure) => ({ definition, kind, unit, dimensions, acrossPractices });

function check(measure: CatalogueMeasure, { group, ...query }: Pick<CellQuery, 'group'> & Partial<Record<Dimension, string>>): void {
  const asked = [...group, ...(['site', 'provider', 'service', 'visitType'] as const).filter((dimension) => query[dimension] !== undefined)];
  const unknown = asked.find((dimension) => !measure.dimensions.includes(dimension));
  if (unknown !== undefined) throw new CannotGroupBy(measure, unknown);
  if (measure.ofSupply && asked.includes('site') && asked.includes('service')) throw new SupplyPartsDoNotAdd(measure);
}

/** Each series (the same site, provider, ...) by its own limits. A week or month that is cut, or not over, is judged by none and judges none. */
function judged(measure: CatalogueMeasure, { by, from, to }: CellQuery, today: LocalDate, cells: readonly Cell[]) {
  const series = new Map<string, Cell[]>();
  const nameOf = ({ site, provider, service, visitType }: Cell): string => [site, provider, service, visitType].join('/');
  const isWhole = (period: string): boolean => {
    const first = localDate.parse(by === 'month' ? `${period}-01` : period);
    const last = addDays(by === 'month' ? localDate.parse(`${addDays(first, 31).slice(0, 7)}-01`) : addDays(first, 7), -1);
    return first >= from && last <= to && last < today;
  };
  const whole = new Set(by === 'week' || by === 'month' ? [...new Set(cells.map(({ period }) => period))].filter(isWhole) : []);
  for (const cell of cells.filter(({ period }) => whole.has(period))) {
    const of = series.get(nameOf(cell));
    if (of === undefined) series.set(nameOf(cell), [cell]);
    else of.push(cell);
  }
  const judgements = new Map<Cell, ReturnType<typeof judge>[number]>();
  for (const of of series.values()) judge(measure, of).forEach((judgement, index) => judgements.set(of[index]!, judgement));
  return cells.map((cell) => ({ ...cell, ...(judgements.get(cell) ?? { limits: null, flag: null }) }));
}

interface Compared { readonly partnership?: string | null; readonly service?: string; readonly month: string; readonly value: number | null }
/** The median of the practices whose value is shown: one service of one partnership is compared, never a mixture. */
function lineOf(items: readonly Compared[]) {
  const groups = new Map<string, { partnership?: string | null; service?: string; month: string; values: number[] }>();
  for (const { partnership, service, month, value } of items) {
    if (value === null) continue;
    const name = `${partnership ?? ''}/${service ?? ''}/${month}`;
    const group = groups.get(name) ?? { ...(partnership === undefined ? {} : { partnership }), ...(service === undefined ? {} : { service }), month, values: [] };
    group.values.push(value);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ values, ...of }) => ({ ...of, median: medianOf(values), practices: values.length }));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0];
  return (low + high) / 2;
}
