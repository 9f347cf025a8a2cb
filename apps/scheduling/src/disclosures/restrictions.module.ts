import { Global, Module } from '@nestjs/common';
import { RestrictionRepository } from './persistence/restriction.repository';

/** Everywhere, because search, holds, bookings, moves, offers and referrals all ask what a patient restricts. */
@Global()
@Module({ providers: [RestrictionRepository], exports: [RestrictionRepository] })
export class RestrictionsModule {}
