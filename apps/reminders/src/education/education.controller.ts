import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { serviceCode, visitTypeId } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { KeepEducation } from './commands/keep-education';
import { type EducationContent, isInForce } from './domain/education';

const text = z.strictObject({ title: z.string().trim().min(1).max(120), body: z.string().trim().min(1).max(20_000) });
const makeBody = z.object({
  service: serviceCode.optional(), visitType: visitTypeId.optional(), shared: z.boolean().default(false), texts: z.strictObject({ en: text.optional(), es: text.optional() }).refine(({ en, es }) => en !== undefined || es !== undefined, 'must have a text in one language at least'),
  source: z.url({ protocol: /^https$/ }).max(500).optional(), daysBefore: z.int().min(1).max(60).default(7), previous: z.uuid().optional(),
}).strict().superRefine(({ service, visitType, shared }, context) => {
  if ((service === undefined) === (visitType === undefined)) context.addIssue({ code: 'custom', path: ['service'], message: 'say either a service or a visit type' });
  // Visit types are a practice's own; partners know each other by services.
  if (shared && visitType !== undefined) context.addIssue({ code: 'custom', path: ['visitType'], message: 'shared content is for a service' });
});
const contentId = z.uuid();
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(25), cursor: z.uuid('must be a nextCursor of an earlier answer').optional() });

@Controller('api/reminders/v1/education')
export class EducationController {
  constructor(private readonly keep: KeepEducation) {}

  /**
   * Makes what patients read `daysBefore` days before a visit of `service` or `visitType`, by language, in paragraphs, `# headings`, `- lists`, `**bold**` and `[links](https://..)`. `shared`: for all practices that are in the partnership now, used by
   * each once every one of them approved it; else for the own practice, once its clinician did. `previous`: a newer version of an own content, which takes its place when it is approved. 422: shared, but in no partnership.
   */
  @Post()
  @Permits('education:write')
  async make(@CurrentStaff() caller: StaffCaller, @ZodBody(makeBody) body: z.output<typeof makeBody>) {
    const { en, es } = body.texts;
    return shown(await this.keep.make(caller, {
      service: body.service ?? null, visitType: body.visitType ?? null, shared: body.shared, texts: { ...(en ? { en } : {}), ...(es ? { es } : {}) }, sourceUrl: body.source ?? null, daysBefore: body.daysBefore, previous: body.previous ?? null,
    }));
  }

  /** Contents of the own practice and those shared with it, the newest first, with who approved each and whether it is in use (`inForce`). */
  @Get()
  @Permits('reference:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { limit, cursor }: z.output<typeof listQuery>) {
    const rows = await this.keep.list(caller.actor, cursor ?? null, limit + 1);
    const items = rows.slice(0, limit).map(shown);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** The yes of the caller's practice, by name; what is the practice's alone is approved by a clinician. 403 `clinician-approves`; 409: retired. */
  @Post(':id/approve')
  @HttpCode(200)
  @Permits('education:write')
  async approve(@CurrentStaff() caller: StaffCaller, @ZodParam('id', contentId) id: string) {
    return shown(await this.keep.approve(caller, id));
  }

  /** Takes an own content out of use; its page is gone at once. */
  @Post(':id/retire')
  @HttpCode(200)
  @Permits('education:write')
  async retire(@CurrentStaff() caller: StaffCaller, @ZodParam('id', contentId) id: string) {
    return shown(await this.keep.retire(caller, id));
  }
}

const shown = ({ madeAt, retiredAt, sourceUrl, ...content }: EducationContent) => ({
  ...content, source: sourceUrl, shared: content.practices.length > 1, madeAt: formatInstant(madeAt), retiredAt: retiredAt === null ? null : formatInstant(retiredAt), inForce: isInForce({ ...content, retiredAt }), page: `/e/${content.id}`,
});
