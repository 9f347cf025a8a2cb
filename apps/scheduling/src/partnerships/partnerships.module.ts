import { Module } from '@nestjs/common';
import { FoundPartnership } from './commands/found-partnership';
import { JoinPartnership } from './commands/join-partnership';
import { MemberDocuments } from './member-documents';
import { MemberDocumentsController } from './member-documents.controller';
import { PartnershipsController } from './partnerships.controller';

@Module({ controllers: [PartnershipsController, MemberDocumentsController], providers: [FoundPartnership, JoinPartnership, MemberDocuments], exports: [JoinPartnership, MemberDocuments] })
export class PartnershipsModule {}
