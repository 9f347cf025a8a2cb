import { Controller, Get } from '@nestjs/common';
import { serviceCode } from '@slotmesh/contracts';
import type { ServiceCode } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { ReferenceUnknown, readerOf } from './reference';

interface ServiceView {
  code: ServiceCode;
  name: Record<string, string>;
  /** Its name alone may tell why somebody comes: outside this catalogue partners, the public and messages do not name it. */
  sensitive: boolean;
}

@Controller('api/scheduling/v1/services')
export class ServicesController {
  constructor(private readonly work: UnitOfWork) {}

  /** The partnership's catalogue: what practices search and compare by. */
  @Get()
  @Permits('reference:read')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<ServiceView>> {
    const after = startOf(page, z.string().max(63));
    const rows = await this.work.run(readerOf(caller), (tx) => tx.query<ServiceView>('SELECT code, name, sensitive FROM service WHERE ($1::text IS NULL OR code > $1) ORDER BY code LIMIT $2', [after, page.limit + 1]));
    return pageOf(rows, page.limit, ({ code }) => code, (service) => service);
  }

  /** One service of the catalogue. 404: there is no such code. */
  @Get(':code')
  @Permits('reference:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('code', serviceCode) code: ServiceCode): Promise<ServiceView> {
    const [service] = await this.work.run(readerOf(caller), (tx) => tx.query<ServiceView>('SELECT code, name, sensitive FROM service WHERE code = $1', [code]));
    if (!service) throw new ReferenceUnknown('service');
    return service;
  }
}
