import { Module } from '@nestjs/common';
import { PlansModule } from '../plans/plans.module';
import { DraftExperiment } from './commands/draft-experiment';
import { KeepControl } from './commands/keep-control';
import { LookAtExperiments } from './commands/look-at-experiments';
import { PlanOfVisit } from './commands/plan-of-visit';
import { StepExperiment } from './commands/step-experiment';
import { ExperimentWorker } from './experiment.worker';
import { ExperimentsController } from './experiments.controller';
import { ExperimentRepository } from './persistence/experiment.repository';
import { ExperimentVisitRepository } from './persistence/experiment-visit.repository';
import { ListExperiments } from './queries/list-experiments';
import { ShowResult } from './queries/show-result';

@Module({
  imports: [PlansModule],
  controllers: [ExperimentsController],
  providers: [ExperimentRepository, ExperimentVisitRepository, KeepControl, PlanOfVisit, DraftExperiment, StepExperiment, LookAtExperiments, ListExperiments, ShowResult, ExperimentWorker],
  exports: [PlanOfVisit],
})
export class ExperimentsModule {}
