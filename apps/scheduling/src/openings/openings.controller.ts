import { Controller, Get } from '@nestjs/common';
import { instantText, patientId, practiceId, providerId, serviceCode, siteId, visitTypeId } from '@slotmesh/contracts';
import { Clock, DAY, DomainError, type Instant, type ServiceCode, type VisitTypeId, formatInstant, parseInstant, plusMs } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { EmptySearchRepository } from '../searches/persistence/empty-search.repository';
import { coordinates } from '../shared/coordinates';
import { partsOfDay } from './domain/place-and-time';
import { type Ranking, rankings } from './domain/ranking';
import { viewOfOpenings } from './opening.view';
import { FindOpenings, type FoundOpening, type OpeningSearch } from './queries/find-openings';

const query = z.object({
  service: serviceCode.optional(),
  visitType: z.union([visitTypeId, serviceCode]).optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  patient: patientId.optional(),
  practice: practiceId.optional(),
  provider: providerId.optional(),
  site: siteId.optional(),
  near: coordinates.optional(),
  radiusKm: z.coerce.number().positive().max(5_000).optional(),
  language: z.string().regex(/^[a-z]{2,3}$/, 'must be a language code, such as es').optional(),
  payer: z.string().max(100).optional(),
  modality: z.enum(['in-person', 'video', 'phone']).optional(),
  partOfDay: z.enum(partsOfDay).optional(),
  sort: z.enum(rankings).default('soonest'),
  limit: z.coerce.number().int().min(1).max(200).default(20),
  cursor: z.string().max(200).optional(),
});
const MOST_DAYS = 120;

@Controller('api/scheduling/v1/openings')
export class OpeningsController {
  constructor(private readonly work: UnitOfWork, private readonly find: FindOpenings, private readonly clock: Clock, private readonly empty: EmptySearchRepository) {}

  /**
   * Own, partner and published openings, `sort`ed soonest (default), closest, or compact (what leaves no gap in a day first). `from` defaults to now, `to` to 14 days later (120 at most).
   * What feeds publish has no visit type and no provider and is `bookable` by `link` or `phone`; it is shown for the past, too, where `from` lies there.
   * `service` or `visitType` is required; `visitType` takes a visit type's id or a service code. With `patient`, what policy would refuse is left out and `leftOut` says why. A group session shows its own practice the `seats` that are left.
   */
  @Get()
  @Permits('openings:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodQuery(query) asked: z.output<typeof query>) {
    const now = this.clock.now();
    const search = toSearch(asked, now);
    const found = await this.work.run(caller.actor, async (tx) => {
      // Why: what the patient's record says decides what is left out (P23).
      if (asked.patient) tx.audit.record({ action: 'patient.searched-for', entity: 'patient', entityId: asked.patient, patient: asked.patient });
      const page = await this.find.execute(tx, caller.practice, search, now);
      if (page.openings.length === 0 && asked.cursor === undefined && isPerson(caller)) await this.empty.count(tx, caller.practice, search, now);
      return page;
    });
    return { items: viewOfOpenings(found.openings, caller.practice, asked.cursor === undefined), nextCursor: found.more ? cursorAfter(search, found.openings) : null, leftOut: found.leftOut };
  }
}

/** A practice's own system asks again and again; what it does not find is nobody's demand. */
const isPerson = ({ actor }: StaffCaller): boolean => actor.kind === 'staff' && !actor.subject.startsWith('client:');

function cursorAfter(search: OpeningSearch, page: readonly FoundOpening[]): string | null {
  const last = page.at(-1);
  if (!last) return null;
  const place = search.ranking === 'soonest' ? `${formatInstant(last.start)} ${last.id}` : `${search.ranking} ${(search.skip ?? 0) + page.length}`;
  return Buffer.from(place).toString('base64url');
}

function toSearch(asked: z.output<typeof query>, now: Instant): OpeningSearch {
  const service: ServiceCode | undefined = asked.service ?? (asked.visitType && !isUuid(asked.visitType) ? serviceCode.parse(asked.visitType) : undefined);
  const visitType: VisitTypeId | undefined = asked.visitType && isUuid(asked.visitType) ? visitTypeId.parse(asked.visitType) : undefined;
  if (!service && !visitType) throw new DomainError('invalid', 'invalid-request', 'Say what is wanted: service=<code> or visitType=<id>.', { errors: [{ pointer: '/service', detail: 'service or visitType is required' }] });
  const start = asked.from ?? now;
  const end = asked.to ?? plusMs(start, 14 * DAY);
  if (end <= start || end - start > MOST_DAYS * DAY) throw new DomainError('invalid', 'invalid-request', `to must be after from, at most ${MOST_DAYS} days later.`, { errors: [{ pointer: '/to', detail: `must be after from, at most ${MOST_DAYS} days later` }] });
  const { practice, provider, site, language, payer, modality, patient, partOfDay, limit } = asked;
  return {
    range: { start, end }, limit, ranking: asked.sort,
    ...(service ? { service } : {}), ...(visitType ? { visitType } : {}), ...(practice ? { practice } : {}), ...(provider ? { provider } : {}), ...(site ? { site } : {}),
    ...(language ? { language } : {}), ...(payer ? { payer } : {}), ...(modality ? { modality } : {}), ...(patient ? { patient } : {}), ...(partOfDay ? { partOfDay } : {}),
    ...(asked.near ? { near: { ...asked.near, ...(asked.radiusKm ? { radiusKm: asked.radiusKm } : {}) } } : {}),
    ...(asked.cursor ? placeOf(asked.cursor, asked.sort) : {}),
  };
}

const isUuid = (text: string): boolean => z.uuid().safeParse(text).success;

function placeOf(cursor: string, ranking: Ranking): Pick<OpeningSearch, 'after' | 'skip'> {
  const [first, second] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  try {
    if (ranking === 'soonest') return { after: { start: parseInstant(first ?? ''), id: z.string().min(1).parse(second) } };
    if (first === ranking) return { skip: z.coerce.number().int().positive().parse(second) };
    throw new RangeError('made for another order');
  } catch {
    throw new DomainError('invalid', 'invalid-request', 'The cursor is not one that this search gave. Start again without it.', { errors: [{ pointer: '/cursor', detail: 'is not known' }] });
  }
}
