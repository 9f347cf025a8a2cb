import { Module } from '@nestjs/common';
import { AskWhatIf } from './commands/ask-what-if';
import { CancelWhatIf } from './commands/cancel-what-if';
import { RunWhatIfs } from './commands/run-what-ifs';
import { KnownPracticeRepository } from './persistence/known-practice.repository';
import { WhatIfRepository } from './persistence/what-if.repository';
import { ListWhatIfs } from './queries/list-what-ifs';
import { ReadWhatIf } from './queries/read-what-if';
import { RunWhatIfsWorker } from './run-what-ifs.worker';
import { WhatIfQueue } from './what-if-queue';
import { WhatIfController } from './what-if.controller';

@Module({ controllers: [WhatIfController], providers: [WhatIfRepository, KnownPracticeRepository, WhatIfQueue, AskWhatIf, CancelWhatIf, ReadWhatIf, ListWhatIfs, RunWhatIfs, RunWhatIfsWorker], exports: [WhatIfQueue, WhatIfRepository, KnownPracticeRepository] })
export class WhatIfModule {}
