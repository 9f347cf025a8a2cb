import { Controller, Get, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { appointmentId, instantText, localDate, localTime, patientId, practiceId, serviceCode, waitlistEntryId } from '@slotmesh/contracts';
import { type WaitlistEntryId, formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller, WorkedFor } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { OverlapRefusals, type UnlessStopped } from '../appointments/overlap-refusals';
import { Idempotency } from '../http/idempotency';
import { sendAnswer } from '../http/send';
import { type Page, pageOf, pageQuery, startOf } from '../shared/page';
import { DeskDisclosures } from '../staff-access/desk-disclosures';
import { AddEntry } from './commands/add-entry';
import { WithdrawEntry } from './commands/withdraw-entry';
import { urgencies } from './domain/turn';
import { WaitlistEntryUnknown } from './domain/waitlist.errors';
import { viewOfOffer } from './offer.view';
import { OfferRepository } from './persistence/offer.repository';
import { WaitlistEntryRepository } from './persistence/waitlist-entry.repository';
import { WaitlistAnswers, answersByVisitType } from './waitlist-answers';
import type { WaitlistEntry } from './waitlist-entry';

const entryRequest = z.strictObject({
  patient: patientId, service: serviceCode, urgency: z.enum(urgencies).default('routine'),
  /** Left out: any practice of the network. */
  practices: z.array(practiceId).min(1).max(50).nullable().default(null),
  /** ISO weekdays, 1 is Monday; days and times are those of the site's wall clock. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).nullable().default(null),
  from: localTime.nullable().default(null), to: localTime.nullable().default(null),
  earliest: localDate.nullable().default(null), latest: localDate.nullable().default(null),
  /** Degrees, kept to two decimals (about a kilometre). */
  near: z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180), radiusKm: z.number().positive().max(5_000) }).nullable().default(null),
  /** How long before the visit the patient has to know. */
  noticeMinutes: z.int().min(0).max(30 * 24 * 60).default(120),
  /** How the patient is asked, in this order; empty: the desk phones. */
  channels: z.array(z.enum(['sms', 'email'])).max(2).default(['sms', 'email']),
  /** A later visit of this patient that an accepted offer takes the place of. */
  replaces: appointmentId.nullable().default(null),
  confidential: z.boolean().default(false),
  /** By visit type of a host, then by question: what its booking questions ask, so that an accepted offer can book. */
  answers: answersByVisitType.default({}),
  /** The patient waits until then, at the latest until the latest date is over; left out: 180 days. */
  until: instantText.nullable().default(null),
}).refine(({ from, to }) => from === null || to === null || from < to, { path: ['to'], message: 'must be later than from' })
  .refine(({ earliest, latest }) => earliest === null || latest === null || earliest <= latest, { path: ['latest'], message: 'must not be before earliest' });
const listQuery = pageQuery.extend({ status: z.enum(['waiting', 'booked', 'withdrawn', 'expired']).optional(), service: serviceCode.optional(), patient: patientId.optional() });
const HISTORY = 200;

@Controller('api/scheduling/v1/waitlist-entries')
export class WaitlistEntriesController {
  constructor(
    private readonly idempotency: Idempotency, private readonly work: UnitOfWork, private readonly addEntry: AddEntry, private readonly withdrawEntry: WithdrawEntry,
    private readonly entries: WaitlistEntryRepository, private readonly offers: OfferRepository,
    private readonly answers: WaitlistAnswers, private readonly refusals: OverlapRefusals, private readonly disclosures: DeskDisclosures,
  ) {}

  /**
   * Puts a patient of the caller's practice on the wait list: times that are given back, here or at a partner's, are offered in turn. It ends by itself: at `until`, or 180 days
   * from now, and not later than the latest date; 422 where that time is past. 409: waits for this service already.
   * `unanswered` names the visit types that ask what `answers` do not say; their times are not offered. 422 `red-flag`: do not book, tell the patient the host's `instruction`.
   * `confidential` keeps its offers, and what is booked from them, from representatives, parents included; where `replaces` is a confidential visit, they are kept anyway.
   */
  @Post()
  @HttpCode(201)
  @Permits('appointments:book')
  async add(@CurrentStaff() caller: StaffCaller, @ZodBody(entryRequest) body: z.output<typeof entryRequest>, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { patient, urgency, channels, replaces, confidential, answers, until, ...wish } = body;
    const add = (unlessStopped: UnlessStopped) => this.idempotency.answer(caller.actor, key, ['waitlist-entry', body], 201, unlessStopped(async (tx) => {
      const entry = await this.addEntry.execute(tx, caller.practice, { patient, urgency, channels: [...new Set(channels)], replaces, confidential, answers, until, wish });
      return { ...viewOfEntry(entry), unanswered: await this.answers.missing(tx, entry) };
    }));
    sendAnswer(reply, await this.refusals.watch(caller.actor, { entity: 'patient', id: patient }, add));
  }

  /** Who waits, of the caller's practice; for named staff of a partner without those who restrict it, so that a page may hold fewer than `limit`. */
  @Get()
  @Permits('appointments:read')
  @WorkedFor('wait-list')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) by: z.output<typeof listQuery>): Promise<Page<ReturnType<typeof viewOfEntry>>> {
    const after = startOf(by, z.uuid());
    return this.work.run(caller.actor, async (tx) => {
      const found = await this.entries.list(tx, { status: by.status ?? null, service: by.service ?? null, patient: by.patient ?? null, after, limit: by.limit + 1 });
      tx.audit.record({ action: 'waitlist-entry.listed', entity: 'waitlist-entry', entityId: '*', details: { count: Math.min(found.length, by.limit) } });
      const { items, nextCursor } = pageOf(found, by.limit, ({ id }) => id, (entry) => entry);
      const shown = await this.disclosures.shown(tx, 'waitlist-entry', items);
      // Why: of a patient who is not shown, a further page would tell that there are entries.
      return { items: shown.map(viewOfEntry), nextCursor: by.patient !== undefined && shown.length === 0 ? null : nextCursor };
    });
  }

  /** One entry with the history of its offers. `endReason` `deceased`: it was withdrawn because the patient's death was recorded. */
  @Get(':id')
  @Permits('appointments:read')
  @WorkedFor('wait-list')
  async get(@CurrentStaff() caller: StaffCaller, @ZodParam('id', waitlistEntryId) id: WaitlistEntryId) {
    return this.work.run(caller.actor, async (tx) => {
      const entry = await this.entries.find(tx, id);
      if (!entry || (await this.disclosures.shown(tx, 'waitlist-entry', [entry])).length === 0) throw new WaitlistEntryUnknown();
      tx.audit.record({ action: 'waitlist-entry.read', entity: 'waitlist-entry', entityId: id, patient: entry.patient });
      return { ...viewOfEntry(entry), unanswered: await this.answers.missing(tx, entry), offers: (await this.offers.list(tx, { state: null, entry: id, after: null, limit: HISTORY })).map(viewOfOffer) };
    });
  }

  /** Takes the patient off the list; an open offer ends. 409: waits no more. */
  @Post(':id/withdraw')
  @HttpCode(200)
  @Permits('appointments:book')
  @WorkedFor('wait-list')
  async withdraw(@CurrentStaff() caller: StaffCaller, @ZodParam('id', waitlistEntryId) id: WaitlistEntryId, @Headers('idempotency-key') key: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    // Why as a worker: an open offer and its round are moved, too; the use-case looks at whose entry it is.
    sendAnswer(reply, await this.idempotency.answer({ ...caller.actor, kind: 'worker' }, key, ['withdraw', id], 200, async (tx) => {
      await this.disclosures.require(tx, 'waitlist-entry', () => this.entries.find(tx, id), () => new WaitlistEntryUnknown());
      return viewOfEntry(await this.withdrawEntry.execute(tx, id));
    }));
  }
}

const viewOfEntry = (entry: WaitlistEntry) => ({
  id: entry.id, practice: entry.practice, patient: entry.patient, ...entry.wish, urgency: entry.urgency, channels: entry.channels, replaces: entry.replaces, confidential: entry.confidential, status: entry.status, endReason: entry.endReason, appointment: entry.appointment,
  addedAt: formatInstant(entry.addedAt), until: formatInstant(entry.until),
});
