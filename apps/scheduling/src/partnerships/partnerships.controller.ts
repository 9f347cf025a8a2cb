import { Controller, Get, Headers, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { partnershipId } from '@slotmesh/contracts';
import type { PartnershipId, PracticeId } from '@slotmesh/kernel';
import { type Sql, UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, CurrentStaff, Permits, RefusedAttempts, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, type PageQuery, pageOf, pageQuery, startOf } from '../shared/page';
import { FoundPartnership } from './commands/found-partnership';
import { MemberDocuments, type PaperStanding } from './member-documents';
import { PartnershipUnknown } from './partnership.errors';

const foundBody = z.strictObject({
  name: z.string().trim().min(1).max(120), governingState: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, such as MA').nullable().default(null), jointNotice: z.string().trim().min(1).max(4_000).nullable().default(null),
});
export interface PartnershipView {
  readonly id: PartnershipId; readonly name: string; readonly governingState: string | null; readonly jointNotice: string | null; readonly members: readonly PracticeId[]; readonly papers: readonly PaperStanding[];
}
type Row = Omit<PartnershipView, 'papers'>;

@Controller('api/scheduling/v1/partnerships')
@UseInterceptors(RefusedAttempts)
export class PartnershipsController {
  constructor(private readonly work: UnitOfWork, private readonly idempotency: Idempotency, private readonly found: FoundPartnership, private readonly papers: MemberDocuments) {}

  /** The partnership of one's own practice, an empty list where it is in none; operators see all. */
  @Get()
  @Permits('agreements:read')
  async list(@CurrentCaller() caller: Caller, @ZodQuery(pageQuery) page: PageQuery): Promise<Page<Row>> {
    const rows = await this.work.run(worker(caller), (tx) => read(tx, caller.actor.practice, null, startOf(page, z.uuid()), page.limit + 1));
    return pageOf(rows, page.limit, ({ id }) => id, (row) => row);
  }

  /** A partnership with its members and how the papers of each stand: valid, expiring within 60 days, missing. 404: not one's own. */
  @Get(':id')
  @Permits('agreements:read')
  async get(@CurrentCaller() caller: Caller, @ZodParam('id', partnershipId) id: PartnershipId): Promise<PartnershipView> {
    return this.work.run(worker(caller), (tx) => this.view(tx, caller.actor.practice, id));
  }

  /** Begins a partnership with one's own practice as its only member. Others join by an agreement in which they are named, once everybody has signed and it is in force. 409: one's practice is in a partnership. */
  @Post()
  @HttpCode(201)
  @Permits('agreements:write')
  async begin(@CurrentStaff() caller: StaffCaller, @ZodBody(foundBody) body: z.output<typeof foundBody>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['partnership', body], 201, async (tx) => this.view(tx, caller.practice, await this.found.execute(tx, caller.practice, body))));
  }

  private async view(tx: Sql & { readonly now: Parameters<MemberDocuments['standing']>[2] }, reader: PracticeId | null, id: PartnershipId): Promise<PartnershipView> {
    const [row] = await read(tx, reader, id, null, 1);
    if (!row) throw new PartnershipUnknown();
    return { ...row, papers: await this.papers.standing(tx, row.members, tx.now) };
  }
}

/** Why as a worker: who is asked about is decided here, and operators belong to no practice. */
const worker = ({ actor }: Caller) => ({ ...actor, kind: 'worker' as const });
const read = (sql: Sql, reader: PracticeId | null, id: PartnershipId | null, after: string | null, limit: number): Promise<Row[]> => sql.query<Row>(
  `SELECT p.id, p.name, p.governing_state AS "governingState", p.joint_notice AS "jointNotice", ARRAY (SELECT m.practice_id FROM membership m WHERE m.partnership_id = p.id ORDER BY 1) AS members FROM partnership p
   WHERE ($1::text IS NULL OR EXISTS (SELECT FROM membership m WHERE m.partnership_id = p.id AND m.practice_id = $1)) AND ($2::uuid IS NULL OR p.id = $2) AND ($3::uuid IS NULL OR p.id > $3) ORDER BY p.id LIMIT $4`, [reader, id, after, limit]);
