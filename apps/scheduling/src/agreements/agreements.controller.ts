import { Controller, Get } from '@nestjs/common';
import { agreementId } from '@slotmesh/contracts';
import { type AgreementId, DomainError } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { readerOf } from '../practices/reference';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { type AgreementView, findAgreement, listAgreements } from './queries/read-agreements';

@Controller('api/scheduling/v1/agreements')
export class AgreementsController {
  constructor(private readonly work: UnitOfWork) {}

  /** Every version of the agreements that one's own practice is a member of, with their share rules. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<AgreementView>> {
    const after = startOf(page, z.uuid());
    const rows = await this.work.run(readerOf(caller), (tx) => listAgreements(tx, after, page.limit + 1));
    return pageOf(rows, page.limit, ({ id }) => id, (agreement) => agreement);
  }

  /** One version of an agreement, with its share rules. 404: the caller's practice is no member of it. */
  @Get(':id')
  @Permits('agreements:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', agreementId) id: AgreementId): Promise<AgreementView> {
    const agreement = await this.work.run(readerOf(caller), (tx) => findAgreement(tx, id));
    if (!agreement) throw new DomainError('not-found', 'agreement-unknown', 'Your practice is no member of an agreement with this id.');
    return agreement;
  }
}
