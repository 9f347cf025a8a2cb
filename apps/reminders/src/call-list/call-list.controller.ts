import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller, WorkedFor } from '@slotmesh/security';
import { z } from 'zod';
import { ClaimCall } from './commands/claim-call';
import { RecordCall } from './commands/record-call';
import { callOutcome } from './domain/call-outcome';
import type { CallCursor, CallRow } from './persistence/call-list.repository';
import { CallsToShow } from './calls-to-show';
import { ListCalls } from './queries/list-calls';

const place = z.object({ urgent: z.boolean(), visitStart: z.iso.datetime(), id: z.uuid() });
const cursor = z.string().transform((text, context): CallCursor => {
  try {
    return place.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a nextCursor of an earlier answer' });
    return z.NEVER;
  }
});
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50), cursor: cursor.optional() });
const outcomeBody = z.object({ outcome: callOutcome, note: z.string().trim().min(1).max(2_000).optional() });
const entryId = z.uuid();

@Controller('api/reminders/v1/call-list')
export class CallListController {
  constructor(private readonly list: ListCalls, private readonly claim: ClaimCall, private readonly record: RecordCall, private readonly calls: CallsToShow) {}

  /** Patients of the caller's practice whom somebody should phone, because no message reached them, or because they are offered a time (`reason` is `offer`) and cannot be written to: urgent first, then the nearest visit. A call about an offer is of use until `until`; the answer goes to the offer itself. A call about a recall (`recall`) has no visit: `visitStart` is until when it should be made. A call because of closed days (`reason` is `absence`) comes with `proposals`: openings to which the visit could go, best first, not held; the yes goes to `POST /api/scheduling/v1/absences/{id}/moves`. `writeFirst`: the patient asked for texts only, so write (`/api/notifications/v1/conversations`) or take a relay service. For named staff of a partner without patients who restrict it. */
  @Get()
  @Permits('call-list:work')
  @WorkedFor('call-list')
  async entries(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) query: z.output<typeof listQuery>) {
    const { rows, next } = await this.list.execute(caller.actor, caller.practice, query.cursor ?? null, query.limit);
    return { items: rows.map(shown), nextCursor: next ? Buffer.from(JSON.stringify(next)).toString('base64url') : null };
  }

  /** Takes a call for half an hour. 409 where somebody else has it. */
  @Post(':id/claim')
  @HttpCode(200)
  @Permits('call-list:work')
  @WorkedFor('call-list')
  async claimEntry(@CurrentStaff() caller: StaffCaller, @ZodParam('id', entryId) id: string) {
    await this.calls.require(caller.actor, id);
    return shown(await this.claim.execute(caller.actor, id));
  }

  /** How the call went; only by the person who claimed it. After `no-answer` it is open again. */
  @Post(':id/outcome')
  @HttpCode(200)
  @Permits('call-list:work')
  @WorkedFor('call-list')
  async recordOutcome(@CurrentStaff() caller: StaffCaller, @ZodParam('id', entryId) id: string, @ZodBody(outcomeBody) body: z.output<typeof outcomeBody>) {
    await this.calls.require(caller.actor, id);
    return shown(await this.record.execute(caller.actor, id, body.outcome, body.note ?? null));
  }
}

const shown = (call: CallRow) => ({
  id: call.id, patient: call.patient_id, appointment: call.appointment_id, offer: call.offer_id, recall: call.recall_id, until: call.offer_until, revision: call.revision, reason: call.reason, urgent: call.urgent,
  visitStart: call.visit_start, zone: call.zone, openedAt: call.opened_at, state: call.state, claimedBy: call.claimed_by, calls: call.calls, outcome: call.outcome, proposals: call.proposals, writeFirst: call.write_first,
});
