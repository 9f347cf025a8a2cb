import { Injectable } from '@nestjs/common';
import { NEUTRAL_CODE, formatInstant, nameFor } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { measureCalled } from '../../measures/domain/catalogue';
import { missingSources } from '../../measures/domain/sources';
import type { Months } from '../../measures/months.schema';
import { CatalogueRepository } from '../../measures/persistence/catalogue.repository';
import { SourceProgressRepository } from '../../measures/persistence/source-progress.repository';
import { ReferenceRepository } from '../../reference/persistence/reference.repository';
import { type ReportCell, reportOf } from '../domain/access-report';
import { type ReportMeasure, accessReport, definitionsBehind, reportMeasures, reportSources } from '../domain/report-definition';
import { PeriodNotOver, ReportsAreOfPartnerships } from '../domain/report.errors';
import { monthsBefore } from '../domain/report-months';
import { ReportRepository } from '../persistence/report.repository';

/** The access report of the caller's partnership, as the caller's practice may see it. Throws PeriodNotOver, ReportsAreOfPartnerships. */
@Injectable()
export class TakeReport {
  constructor(private readonly work: UnitOfWork, private readonly reports: ReportRepository, private readonly cells: CatalogueRepository, private readonly progress: SourceProgressRepository, private readonly reference: ReferenceRepository) {}

  async execute(actor: Actor, period: Months) {
    const { practice: viewer } = actor;
    if (viewer === null) throw new ReportsAreOfPartnerships();
    return this.work.run(actor, async (tx) => {
      const last = await this.reports.lastMonthOver(tx);
      if (period.to > last) throw new PeriodNotOver(last);
      const practices = await this.reports.practices(tx, viewer);
      const starts = practices.flatMap(({ since }) => (since === null ? [] : monthsBefore(since).slice(0, 1)));
      const sensitive = await this.reference.sensitiveServices(tx);
      const report = reportOf({
        viewer, ...period, practices, nameOf: (service, own) => nameFor(own ? 'own-staff' : 'statistics', { name: service, sensitive: sensitive.has(service) }, NEUTRAL_CODE), visits: await this.reports.visits(tx, period),
        cells: await this.known(tx, { from: [period.from, ...starts].sort()[0]!, to: period.to }),
        scalingBefore: (await this.cells.beforeSharing(tx, measureCalled('scaling'), viewer))?.value ?? null,
      });
      const sources = await this.progress.of(tx, reportSources);
      return {
        definition: accessReport, measures: definitionsBehind.map(({ id, version, title }) => ({ id, version, title })), ...period, viewer, asOf: formatInstant(tx.now),
        sources: sources.map(({ topic, lastAt }) => ({ source: topic, lastChangeAt: lastAt })), missing: missingSources(sources), ...report, nextCursor: null,
      };
    });
  }

  private async known(tx: Tx, months: Months): Promise<Record<ReportMeasure, readonly ReportCell[]>> {
    const found = new Map<ReportMeasure, readonly ReportCell[]>();
    for (const measure of reportMeasures) found.set(measure, await this.cells.network(tx, measureCalled(measure), months, false));
    const of = (measure: ReportMeasure) => found.get(measure) ?? [];
    return { 'shared-offered': of('shared-offered'), 'shared-used': of('shared-used'), 'shared-returned': of('shared-returned'), 'third-next-available': of('third-next-available'), 'third-next-available-with-partners': of('third-next-available-with-partners'), 'sooner-with-partners': of('sooner-with-partners'), 'lead-time': of('lead-time'), scaling: of('scaling') };
  }
}
export type TakenReport = Awaited<ReturnType<TakeReport['execute']>>;
