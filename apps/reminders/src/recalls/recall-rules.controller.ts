import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { recallKind, serviceCode } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { KeepRecallRules } from './commands/keep-recall-rules';
import { recallTerms } from './domain/recall';
import type { RecallRule } from './persistence/recall-rule.repository';

const ruleId = z.uuid();
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.uuid('must be a nextCursor of an earlier answer').optional() });
const makeBody = z.object({ kind: recallKind, afterServices: z.array(serviceCode).min(1).max(50), afterMonths: z.int().min(1).max(120), ...recallTerms.omit({ everyMonths: true }).shape });

@Controller('api/reminders/v1/recall-rules')
export class RecallRulesController {
  constructor(private readonly rules: KeepRecallRules) {}

  /**
   * From now on, who had a visit of one of `afterServices` at the caller's practice is due again `afterMonths` months after it; the rest says how the patient is asked, as for a single recall. Without `services` and `visitTypes` a visit of `afterServices`
   * stands for it. A patient with an open recall of this kind gets no second one. 409: a rule of this kind is in force; end it first.
   */
  @Post()
  @Permits('reminders:write')
  async make(@CurrentStaff() caller: StaffCaller, @ZodBody(makeBody) body: z.output<typeof makeBody>) {
    const { kind, afterServices, afterMonths, ...terms } = body;
    const services = terms.services.length > 0 || terms.visitTypes.length > 0 ? terms.services : afterServices;
    return shown(await this.rules.make(caller.actor, caller.practice, { kind, afterServices, afterMonths, terms: { ...terms, services, everyMonths: null } }));
  }

  /** The practice's rules, the newest first, with those that have ended. */
  @Get()
  @Permits('reminders:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { limit, cursor }: z.output<typeof listQuery>) {
    const rows = await this.rules.list(caller.actor, cursor ?? null, limit + 1);
    const items = rows.slice(0, limit).map(shown);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** It makes no recall any more; those that it made stay. */
  @Post(':id/end')
  @HttpCode(200)
  @Permits('reminders:write')
  async end(@CurrentStaff() caller: StaffCaller, @ZodParam('id', ruleId) id: string) {
    return shown(await this.rules.end(caller.actor, id));
  }
}

const shown = ({ terms, madeAt, endedAt, ...rule }: RecallRule) => ({ ...rule, ...terms, madeAt: formatInstant(madeAt), endedAt: endedAt === null ? null : formatInstant(endedAt) });
