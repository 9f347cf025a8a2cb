import { Module } from '@nestjs/common';
import { FaultsModule } from '../faults/faults.module';
import { MailRepository } from './mail.repository';
import { MailServer } from './mail-server';
import { MailboxesController } from './mailboxes.controller';

@Module({ imports: [FaultsModule], controllers: [MailboxesController], providers: [MailServer, MailRepository], exports: [MailServer] })
export class MailboxModule {}
