import { Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { OverlapRefusals } from '../appointments/overlap-refusals';
import { HoldOpening } from '../holds/commands/hold-opening';
import { type HttpAnswer, Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { BookByOperation } from './commands/book-by-operation';
import { answerOf } from './fhir-answer';
import { FhirPages } from './fhir-pages';
import { FhirController } from './fhir-route';
import { FreeOpenings, searchedRange } from './queries/free-openings';
import { heldOf, proposedOf } from './resources/appointment';
import type { Searchset } from './resources/bundle';
import { note } from './resources/operation-outcome';
import { bookRequest, findByUrl, findRequest, holdRequest, notConsideredNames } from './search/bookings';
import { parametersAs } from './search/parameters';
import { offersOf } from './search/wanted';

const findParameters = parametersAs(findRequest);
const holdParameters = parametersAs(holdRequest);
const bookParameters = parametersAs(bookRequest);
const created = z.object({ id: z.string() });

/** `$find`, `$hold` and `$book` of Argonaut Scheduling and IHE Scheduling (ITI-115 to ITI-117), by the use-cases that also serve /openings, /holds and /appointments. */
@FhirController('Appointment')
export class FhirAppointmentOperationsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly free: FreeOpenings,
    private readonly idempotency: Idempotency,
    private readonly overlaps: OverlapRefusals,
    private readonly holdOpening: HoldOpening,
    private readonly bookByOperation: BookByOperation,
    private readonly pages: FhirPages,
    private readonly clock: Clock,
  ) {}

  /** Times that could be booked, as proposed Appointments, soonest first. What was not considered or left out is said in an OperationOutcome at the end. */
  @Get('$find')
  @Permits('openings:read')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(findByUrl) asked: z.output<typeof findByUrl>, @Req() request: FastifyRequest): Promise<Searchset> {
    return this.found(caller, asked, request);
  }

  /** The same, asked by Parameters; the next link asks by a URL. */
  @Post('$find')
  @HttpCode(200)
  @Permits('openings:read')
  findByParameters(@CurrentStaff() caller: StaffCaller, @ZodBody(findParameters) asked: z.output<typeof findRequest>, @Req() request: FastifyRequest): Promise<Searchset> {
    return this.found(caller, asked, request, linksOf(asked));
  }

  /** Keeps a proposed Appointment for this desk for some minutes: a pending Appointment, whose id $book takes. 404 never bookable, 409 taken (with free times instead), 422 not shared now. */
  @Post('$hold')
  @HttpCode(201)
  @Permits('appointments:book')
  async hold(@CurrentStaff() caller: StaffCaller, @ZodBody(holdParameters) asked: z.output<typeof holdRequest>, @Headers('idempotency-key') key: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    return this.answer(reply, await this.idempotency.answer(caller.actor, key, ['fhir-hold', asked], 201, async (tx) => heldOf(await this.holdOpening.execute(tx, desk, asked.opening))));
  }

  /** Books a held or proposed Appointment for a patient of one's own practice, from a referral where basedOn of appt-resource names its ServiceRequest; with cancelled-appt-id moves that visit there; an Appointment with status cancelled calls it off. If-Match for the visit that is changed. */
  @Post('$book')
  @HttpCode(201)
  @Permits('appointments:book')
  async book(@CurrentStaff() caller: StaffCaller, @ZodBody(bookParameters) asked: z.output<typeof bookRequest>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const desk = { practice: caller.practice, subject: caller.actor.subject };
    const success = asked.moves === null && asked.resource?.status !== 'cancelled' ? 201 : 200;
    const subject = asked.patient ? { entity: 'patient' as const, id: asked.patient } : { entity: 'appointment' as const, id: asked.moves ?? '*' };
    const version = versionOf(ifMatch);
    return this.answer(reply, await this.overlaps.watch(caller.actor, subject, (unlessStopped) => this.idempotency.answer(caller.actor, key, ['fhir-book', asked], success, unlessStopped((tx) => this.bookByOperation.execute(tx, desk, asked, version)))));
  }

  private async found(caller: StaffCaller, asked: z.output<typeof findRequest>, request: FastifyRequest, links?: URLSearchParams): Promise<Searchset> {
    const now = this.clock.now();
    const types = [...(asked['visit-type'] ?? []), ...(asked['service-type'] ?? [])];
    const offers = offersOf({ providers: asked.practitioner, sites: asked['location-reference'], practices: asked.organization, types: types.length > 0 ? types : undefined });
    const range = searchedRange({ from: asked.start, to: asked.end }, now, 'end');
    const { openings, next, leftOut } = await this.work.run(caller.actor, (tx) => this.free.page(tx, caller.practice, { offers, range, patient: asked['patient-reference'], limit: asked._count, cursor: asked._cursor }, now));
    const issues = [
      ...Object.entries(asked).flatMap(([name, value]) => (value !== undefined && notConsideredNames.includes(name) ? [note('warning', 'not-supported', `${name} was not considered.`)] : [])),
      ...leftOut.map(({ reason, count }) => note('information', 'informational', `Left out ${count} times: ${reason}.`)),
    ];
    return this.pages.of(request, { page: asked, resources: openings.map(proposedOf), next, issues, ...(links ? { asked: links } : {}) });
  }

  private answer(reply: FastifyReply, answer: HttpAnswer): unknown {
    if (answer.status === 201) void reply.header('location', `${this.pages.base}/Appointment/${created.parse(answer.body).id}`);
    return answerOf(reply, answer);
  }
}

/** What was asked by Parameters, as a URL asks it. */
function linksOf(asked: z.output<typeof findRequest>): URLSearchParams {
  const list = (values: readonly string[] | undefined): string[] => (values ? [values.join(',')] : []);
  const types = (asked['visit-type'] ?? []).concat(asked['service-type'] ?? []).map((type) => ('service' in type ? type.service : type.visitType));
  const pairs: readonly (readonly [string, readonly string[]])[] = [
    ['start', [new Date(asked.start).toISOString()]], ['end', [new Date(asked.end).toISOString()]], ['practitioner', list(asked.practitioner)], ['location-reference', list(asked['location-reference'])], ['organization', list(asked.organization)],
    ['visit-type', list(types.length > 0 ? types : undefined)], ['patient-reference', list(asked['patient-reference'] && [asked['patient-reference']])], ['_count', [String(asked._count)]],
  ];
  return new URLSearchParams(pairs.flatMap(([name, values]) => values.map((value): [string, string] => [name, value])));
}
