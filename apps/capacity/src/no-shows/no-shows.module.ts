import { Module } from '@nestjs/common';
import { SwitchScoring } from './commands/switch-scoring';
import { WatchNoShowModels } from './commands/watch-no-show-models';
import { NoShowAlarm } from './no-show-alarm';
import { NoShowModelsWorker } from './no-show-models.worker';
import { NoShowsController } from './no-shows.controller';
import { OutreachOrderController } from './outreach-order.controller';
import { NoShowAlarmRepository } from './persistence/no-show-alarm.repository';
import { NoShowModelRepository } from './persistence/no-show-model.repository';
import { NoShowSwitchRepository } from './persistence/no-show-switch.repository';
import { VisitsOfPatientsRepository } from './persistence/visits-of-patients.repository';
import { OrderOutreach } from './queries/order-outreach';
import { ShowNoShowModel } from './queries/show-no-show-model';

@Module({ controllers: [NoShowsController, OutreachOrderController], providers: [VisitsOfPatientsRepository, NoShowModelRepository, NoShowSwitchRepository, NoShowAlarmRepository, WatchNoShowModels, NoShowModelsWorker, NoShowAlarm, SwitchScoring, ShowNoShowModel, OrderOutreach] })
export class NoShowsModule {}
