import { Module } from '@nestjs/common';
import { MeasuresModule } from '../measures/measures.module';
import { ReferenceModule } from '../reference/reference.module';
import { ReportRepository } from './persistence/report.repository';
import { TakeReport } from './queries/take-report';
import { ReportsController } from './reports.controller';

/** Access reports: what sharing gave and took, from the measures that others read too. */
@Module({ imports: [MeasuresModule, ReferenceModule], controllers: [ReportsController], providers: [ReportRepository, TakeReport] })
export class ReportsModule {}
