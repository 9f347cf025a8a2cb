import { Controller, Get, Header, Headers, Post, Res, UseFilters } from '@nestjs/common';
import { ApiConsumes, ApiProduces } from '@nestjs/swagger';
import { localDate, openingId } from '@slotmesh/contracts';
import type { OpeningId } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseOpeningId } from '../openings/domain/opening-id';
import { parsedBy } from '../shared/parsed-by';
import { CancelVisit } from './commands/cancel-visit';
import { ConfirmVisit } from './commands/confirm-visit';
import { MoveVisit } from './commands/move-visit';
import { OpenPage } from './commands/open-page';
import { birthDateOf } from './domain/birth-date';
import { offerDone } from './domain/offer-notice';
import { type PageAt, PageAnswers } from './page-answers';
import { PageRefusals } from './page-refusals';
import { sendCalendar, sendPage } from './page-reply';
import { FORM, SIGNED, type Shown, linkToken, plainForm, shown } from './page-request';
import { PageFilter } from './page.filter';
import { sureCancelPage } from './pages/cancel-page';
import { sureMovePage, timesPage } from './pages/move-pages';
import { pageStyle } from './pages/style';
import { visitPage } from './pages/visit-page';
import { FindOtherTimes, type FirstTime } from './queries/find-other-times';
import { ReadVisit } from './queries/read-visit';
import { calendarOf } from './visit-calendar';

const field = z.string().max(20).default('');
/** One of our calendars: another is no time for this visit. */
const ownOpening = parsedBy((text) => {
  parseOpeningId(text);
  return openingId.parse(text);
});
const shownAfter = shown.extend({ done: z.enum(['moved', ...offerDone]).optional().catch(undefined) });
/** A day or place that cannot be is left aside: the list then begins now. */
const shownTimes = shown.extend({ from: localDate.optional().catch(undefined), after: ownOpening.optional().catch(undefined) });
const birthDateForm = plainForm.extend({ month: field, day: field, year: field });
const changeForm = plainForm.extend({ revision: z.coerce.number().int().positive() });
const moveForm = changeForm.extend({ opening: openingId });

/** The patient's own page of one visit. A GET or HEAD changes nothing, because scanners open every link; every change is a POST from a form of the page. */
@Controller('a')
@UseFilters(PageFilter)
@PublicRoute(SIGNED)
export class PatientPageController {
  constructor(
    private readonly answers: PageAnswers,
    private readonly read: ReadVisit,
    private readonly otherTimes: FindOtherTimes,
    private readonly openPage: OpenPage,
    private readonly confirmVisit: ConfirmVisit,
    private readonly moveVisit: MoveVisit,
    private readonly cancelVisit: CancelVisit,
    private readonly refusals: PageRefusals,
  ) {}

  /** The one style sheet of the pages. */
  @Get('page.css')
  @Header('cache-control', 'public, max-age=3600')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  style(): string {
    return pageStyle;
  }

  /** Asks for the birth date; after it was given, shows the visit. 404: no link of ours; 410: no longer valid, with the practice's phone. */
  @Get(':token')
  @ApiProduces('text/html')
  async show(@ZodParam('token', linkToken) token: string, @ZodQuery(shownAfter) { lang, done }: z.output<typeof shownAfter>, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { isOpen, ...at } = this.answers.anybody(token, lang, cookie);
    if (isOpen) await this.answers.visit(reply, 200, at, done ?? null);
    else await this.answers.ask(reply, 200, at);
  }

  /** Takes the birth date and opens the page for 15 minutes. 403: wrong; 422: no date; 429: wrong too often, for 15 minutes at least. */
  @Post(':token/open')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async open(@ZodParam('token', linkToken) token: string, @ZodBody(birthDateForm) { form, ...given }: z.output<typeof birthDateForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.sender(token, lang, cookie, form);
    const birthDate = birthDateOf(given);
    if (typeof birthDate !== 'string') return this.answers.ask(reply, 422, at, { given, trouble: birthDate });
    const door = await this.openPage.execute(token, birthDate);
    if (door === 'opened') this.answers.toOpened(reply, token, lang);
    else await this.answers.ask(reply, door === 'wrong' ? 403 : 429, at, { trouble: door });
  }

  /** The patient says that they will come. */
  @Post(':token/confirm')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async confirm(@ZodParam('token', linkToken) token: string, @ZodBody(changeForm) { form, revision }: z.output<typeof changeForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.actor(token, lang, cookie, form);
    await this.answers.after(reply, at, await this.confirmVisit.execute(token, revision));
  }

  /** Other times to which the visit could go: the same visit type at the same practice, twenty at once; `from` a day, or `after` one that was shown. */
  @Get(':token/move')
  @ApiProduces('text/html')
  async times(@ZodParam('token', linkToken) token: string, @ZodQuery(shownTimes) { lang, from, after }: z.output<typeof shownTimes>, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const first = after ? { behind: after } : from ? { day: from } : null;
    await this.showTimes(reply, 200, this.answers.reader(token, lang, cookie), { first });
  }

  /** Asks once more before the visit moves. 409: not free, with fresh ones; 429: too many such answers in the last hour. */
  @Get(':token/move/:opening')
  @ApiProduces('text/html')
  async sureMove(@ZodParam('token', linkToken) token: string, @ZodParam('opening', ownOpening) opening: OpeningId, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.reader(token, lang, cookie);
    const { visit, times } = await this.otherTimes.execute(token, { at: parseOpeningId(opening).start });
    const time = times.find((each) => each.opening === opening);
    if (!time) await this.refusals.noteUnlisted(token);
    if (!time || !visit.actions.includes('move')) return this.showTimes(reply, 409, at, { isTaken: true });
    sendPage(reply, 200, sureMovePage(this.answers.factsOf(at, visit.patient.language), visit, time));
  }

  /** Moves the visit. 409: the time was taken meanwhile (with fresh ones), or the visit is no longer as the page showed it (with the present one); 429: too many such answers in the last hour. */
  @Post(':token/move')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async move(@ZodParam('token', linkToken) token: string, @ZodBody(moveForm) { form, revision, opening }: z.output<typeof moveForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.actor(token, lang, cookie, form);
    const moved = await this.moveVisit.execute(token, revision, opening);
    if (moved === 'taken') return this.showTimes(reply, 409, at, { isTaken: true });
    if (typeof moved === 'string') return this.answers.after(reply, at, moved);
    this.answers.toOpened(reply, moved.token, lang, 'moved');
  }

  /** Asks once more before the visit is called off. */
  @Get(':token/cancel')
  @ApiProduces('text/html')
  async sureCancel(@ZodParam('token', linkToken) token: string, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.reader(token, lang, cookie);
    const visit = await this.read.execute(token);
    const facts = this.answers.factsOf(at, visit.patient.language);
    if (visit.actions.includes('cancel')) sendPage(reply, 200, sureCancelPage(facts, visit));
    else sendPage(reply, 409, visitPage(facts, visit, 'stale'));
  }

  /** Calls the visit off. 409: it is no longer as the page showed it (with the present one). */
  @Post(':token/cancel')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async cancel(@ZodParam('token', linkToken) token: string, @ZodBody(changeForm) { form, revision }: z.output<typeof changeForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.actor(token, lang, cookie, form);
    await this.answers.after(reply, at, await this.cancelVisit.execute(token, revision));
  }

  /** The visit for the patient's calendar (RFC 5545). */
  @Get(':token/visit.ics')
  @ApiProduces('text/calendar')
  async calendar(@ZodParam('token', linkToken) token: string, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const at = this.answers.reader(token, lang, cookie);
    const visit = await this.read.execute(token);
    // Why: to publish a visit that is off would put it into the calendar.
    if (visit.appointment.status === 'cancelled') return this.answers.visit(reply, 409, at, 'stale');
    sendCalendar(reply, calendarOf(visit, lang ?? visit.patient.language));
  }

  private async showTimes(reply: FastifyReply, status: number, at: PageAt, { isTaken = false, first = null }: { readonly isTaken?: boolean; readonly first?: FirstTime }): Promise<void> {
    const { visit, times, more } = await this.otherTimes.execute(at.token, first);
    if (!visit.actions.includes('move')) return this.answers.visit(reply, 409, at, 'stale');
    sendPage(reply, status, timesPage(this.answers.factsOf(at, visit.patient.language), visit, { times, more, isTaken }));
  }
}
