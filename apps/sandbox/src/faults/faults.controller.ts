import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodParam } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import { z } from 'zod';
import { LOCAL_STAND_IN } from '../local-stand-in';
import { type Fault, type FaultOrder, faultOrder } from './domain/fault';
import { Faults } from './faults';

/** What should go wrong: POST orders a fault, GET lists them newest first with how often they struck, DELETE ends one or all. */
@Controller('sandbox/api/faults')
@PublicRoute(LOCAL_STAND_IN)
export class FaultsController {
  constructor(private readonly faults: Faults) {}

  /** Orders a fault. */
  @Post()
  order(@ZodBody(faultOrder) order: FaultOrder): Promise<Fault> {
    return this.faults.order(order);
  }

  /** The faults, newest first, with how often each struck. */
  @Get()
  async list(): Promise<{ items: Fault[]; nextCursor: null }> {
    return { items: await this.faults.list(), nextCursor: null };
  }

  /** Ends all faults. */
  @Delete()
  async clearAll(): Promise<{ cleared: number }> {
    return { cleared: await this.faults.clear(null) };
  }

  /** Ends one fault. */
  @Delete(':id')
  @HttpCode(204)
  async clear(@ZodParam('id', z.uuid()) id: string): Promise<void> {
    await this.faults.clear(id);
  }
}
