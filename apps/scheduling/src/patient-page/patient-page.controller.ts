import { Controller, Get, Header, Headers, Post, Res, UseFilters } from '@nestjs/common';
import { ApiConsumes, ApiProduces } from '@nestjs/swagger';
import { type Language, language, localDate, offerId, openingId } from '@slotmesh/contracts';
import { Clock, type OfferId, type OpeningId } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseOpeningId } from '../openings/domain/opening-id';
import { parsedBy } from '../shared/parsed-by';
import { AnswerOffer, type OfferAnswered } from './commands/answer-offer';
import { CancelVisit } from './commands/cancel-visit';
import { ConfirmVisit } from './commands/confirm-visit';
import { MoveVisit } from './commands/move-visit';
import { OpenPage } from './commands/open-page';
import { birthDateOf } from './domain/birth-date';
import { offerDone } from './domain/offer-notice';
import { seeOther, sendCalendar, sendPage } from './page-reply';
import { type PageSession, PageSessions } from './page-sessions';
import { PageRefusals } from './page-refusals';
import { PageFilter } from './page.filter';
import { type AskFacts, askPage } from './pages/ask-page';
import { sureCancelPage } from './pages/cancel-page';
import { withLanguage } from './pages/frame';
import { sureMovePage, timesPage } from './pages/move-pages';
import { pageStyle } from './pages/style';
import { type PageFacts, type VisitNotice, visitPage } from './pages/visit-page';
import { FormForeign, PageClosed } from './patient-page.errors';
import { FindOtherTimes, type FirstTime } from './queries/find-other-times';
import { ReadVisit } from './queries/read-visit';
import { calendarOf } from './visit-calendar';

const linkToken = z.string().max(200);
const field = z.string().max(20).default('');
/** One of our calendars: another is no time for this visit. */
const ownOpening = parsedBy((text) => {
  parseOpeningId(text);
  return openingId.parse(text);
});
const shown = z.object({ lang: language.optional().catch(undefined) });
const shownAfter = shown.extend({ done: z.enum(['moved', ...offerDone]).optional().catch(undefined) });
/** A day or place that cannot be is left aside: the list then begins now. */
const shownTimes = shown.extend({ from: localDate.optional().catch(undefined), after: ownOpening.optional().catch(undefined) });
type Shown = z.output<typeof shown>;
const formToken = z.string().max(100).default('');
const birthDateForm = z.object({ form: formToken, month: field, day: field, year: field });
const changeForm = z.object({ form: formToken, revision: z.coerce.number().int().positive() });
const plainForm = z.object({ form: formToken });
/** `revision`: of the later visit that the page said a yes gives up, 0: none. */
const acceptForm = plainForm.extend({ revision: z.coerce.number().int().nonnegative().default(0) });
const moveForm = changeForm.extend({ opening: openingId });

const SIGNED = 'the signed link is the key; details and changes need the birth date, a cookie of this link and its form token as well';
const FORM = 'application/x-www-form-urlencoded';

/** The patient's own page of one visit. A GET or HEAD changes nothing, because scanners open every link; every change is a POST from a form of the page. */
@Controller('a')
@UseFilters(PageFilter)
@PublicRoute(SIGNED)
export class PatientPageController {
  constructor(
    private readonly clock: Clock,
    private readonly sessions: PageSessions,
    private readonly read: ReadVisit,
    private readonly otherTimes: FindOtherTimes,
    private readonly openPage: OpenPage,
    private readonly confirmVisit: ConfirmVisit,
    private readonly moveVisit: MoveVisit,
    private readonly cancelVisit: CancelVisit,
    private readonly answerOffer: AnswerOffer,
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
    const session = this.sessions.read(token, cookie);
    if (session === null || !this.isOpen(session)) return this.ask(reply, 200, token, lang, session ?? this.sessions.closed(token));
    await this.visit(reply, 200, token, lang, session, done ?? null);
  }

  /** Takes the birth date and opens the page for 15 minutes. 403: wrong; 422: no date; 429: wrong too often, for 15 minutes at least. */
  @Post(':token/open')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async open(@ZodParam('token', linkToken) token: string, @ZodBody(birthDateForm) { form, ...given }: z.output<typeof birthDateForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.formOf(token, cookie, form);
    const birthDate = birthDateOf(given);
    if (typeof birthDate !== 'string') return this.ask(reply, 422, token, lang, session, { given, trouble: birthDate });
    const opening = await this.openPage.execute(token, birthDate);
    if (opening.kind !== 'opened') return this.ask(reply, opening.kind === 'wrong' ? 403 : 429, token, lang, session, { trouble: opening.kind });
    void reply.header('set-cookie', this.sessions.cookieOf(token, this.sessions.opened(token, opening.at)));
    seeOther(reply, pathOf(`/a/${token}`, lang));
  }

  /** The patient says that they will come. */
  @Post(':token/confirm')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async confirm(@ZodParam('token', linkToken) token: string, @ZodBody(changeForm) { form, revision }: z.output<typeof changeForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openFormOf(token, cookie, form);
    await this.after(reply, token, lang, session, await this.confirmVisit.execute(token, revision));
  }

  /** Other times to which the visit could go: the same visit type at the same practice, twenty at once; `from` a day, or `after` one that was shown. */
  @Get(':token/move')
  @ApiProduces('text/html')
  async times(@ZodParam('token', linkToken) token: string, @ZodQuery(shownTimes) { lang, from, after }: z.output<typeof shownTimes>, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const first = after ? { behind: after } : from ? { day: from } : null;
    await this.showTimes(reply, 200, token, lang, this.openSession(token, cookie), { first });
  }

  /** Asks once more before the visit moves. 409: not free, with fresh ones; 429: too many such answers in the last hour. */
  @Get(':token/move/:opening')
  @ApiProduces('text/html')
  async sureMove(@ZodParam('token', linkToken) token: string, @ZodParam('opening', ownOpening) opening: OpeningId, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openSession(token, cookie);
    const { visit, times } = await this.otherTimes.execute(token, { at: parseOpeningId(opening).start });
    const time = times.find((each) => each.opening === opening);
    if (!time) await this.refusals.noteMove(token, 'not-listed', null);
    if (!time || !visit.actions.includes('move')) return this.showTimes(reply, 409, token, lang, session, { isTaken: true });
    sendPage(reply, 200, sureMovePage(this.factsOf(token, lang ?? visit.patient.language, session), visit, time));
  }

  /** Moves the visit. 409: the time was taken meanwhile (with fresh ones), or the visit is no longer as the page showed it (with the present one); 429: too many such answers in the last hour. */
  @Post(':token/move')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async move(@ZodParam('token', linkToken) token: string, @ZodBody(moveForm) { form, revision, opening }: z.output<typeof moveForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openFormOf(token, cookie, form);
    const moved = await this.moveVisit.execute(token, revision, opening);
    if (moved === 'taken') return this.showTimes(reply, 409, token, lang, session, { isTaken: true });
    if (typeof moved === 'string') return this.after(reply, token, lang, session, moved);
    void reply.header('set-cookie', this.sessions.cookieOf(moved.token, this.sessions.opened(moved.token, this.clock.now())));
    seeOther(reply, pathOf(`/a/${moved.token}?done=moved`, lang));
  }

  /** Asks once more before the visit is called off. */
  @Get(':token/cancel')
  @ApiProduces('text/html')
  async sureCancel(@ZodParam('token', linkToken) token: string, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openSession(token, cookie);
    const visit = await this.read.execute(token);
    const at = this.factsOf(token, lang ?? visit.patient.language, session);
    if (visit.actions.includes('cancel')) sendPage(reply, 200, sureCancelPage(at, visit));
    else sendPage(reply, 409, visitPage(at, visit, 'stale'));
  }

  /** Calls the visit off. 409: it is no longer as the page showed it (with the present one). */
  @Post(':token/cancel')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async cancel(@ZodParam('token', linkToken) token: string, @ZodBody(changeForm) { form, revision }: z.output<typeof changeForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openFormOf(token, cookie, form);
    await this.after(reply, token, lang, session, await this.cancelVisit.execute(token, revision));
  }

  /** The patient takes a time that came free: books it, and gives up the later visit that it takes the place of. 409: taken, over or not bookable, or that later visit is no longer as the page showed it, told on the page; the place on the list is kept. 404: no offer to this patient; 429: too many times that could not be had in the last hour. */
  @Post(':token/offers/:offer/accept')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async accept(@ZodParam('token', linkToken) token: string, @ZodParam('offer', offerId) offer: OfferId, @ZodBody(acceptForm) { form, revision }: z.output<typeof acceptForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openFormOf(token, cookie, form);
    await this.afterOffer(reply, token, lang, session, await this.answerOffer.accept(token, offer, revision === 0 ? null : revision));
  }

  /** The patient says no to a time that came free; the next in turn is asked and the place on the list is kept. 409: over already, told on the page; 404: no offer to this patient. */
  @Post(':token/offers/:offer/decline')
  @ApiConsumes(FORM)
  @ApiProduces('text/html')
  async decline(@ZodParam('token', linkToken) token: string, @ZodParam('offer', offerId) offer: OfferId, @ZodBody(plainForm) { form }: z.output<typeof plainForm>, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openFormOf(token, cookie, form);
    await this.afterOffer(reply, token, lang, session, await this.answerOffer.decline(token, offer));
  }

  /** The visit for the patient's calendar (RFC 5545). */
  @Get(':token/visit.ics')
  @ApiProduces('text/calendar')
  async calendar(@ZodParam('token', linkToken) token: string, @ZodQuery(shown) { lang }: Shown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const session = this.openSession(token, cookie);
    const visit = await this.read.execute(token);
    // Why: to publish a visit that is off would put it into the calendar.
    if (visit.appointment.status === 'cancelled') return this.visit(reply, 409, token, lang, session, 'stale');
    sendCalendar(reply, calendarOf(visit, lang ?? visit.patient.language));
  }

  private async ask(reply: FastifyReply, status: number, token: string, lang: Language | undefined, session: PageSession, more: Pick<AskFacts, 'given' | 'trouble'> = {}): Promise<void> {
    const door = await this.read.door(token);
    void reply.header('set-cookie', this.sessions.cookieOf(token, session));
    sendPage(reply, status, askPage({ ...this.factsOf(token, lang ?? door.language, session), practice: door.practice, phone: door.phone, own: door.own, ...more }));
  }

  private async visit(reply: FastifyReply, status: number, token: string, lang: Language | undefined, session: PageSession, notice: VisitNotice | null): Promise<void> {
    const visit = await this.read.execute(token);
    sendPage(reply, status, visitPage(this.factsOf(token, lang ?? visit.patient.language, session), visit, notice));
  }

  private async showTimes(reply: FastifyReply, status: number, token: string, lang: Language | undefined, session: PageSession, { isTaken = false, first = null }: { readonly isTaken?: boolean; readonly first?: FirstTime }): Promise<void> {
    const { visit, times, more } = await this.otherTimes.execute(token, first);
    if (!visit.actions.includes('move')) return this.visit(reply, 409, token, lang, session, 'stale');
    sendPage(reply, status, timesPage(this.factsOf(token, lang ?? visit.patient.language, session), visit, { times, more, isTaken }));
  }

  private async after(reply: FastifyReply, token: string, lang: Language | undefined, session: PageSession, outcome: 'done' | 'stale'): Promise<void> {
    if (outcome === 'stale') await this.visit(reply, 409, token, lang, session, 'stale');
    else seeOther(reply, pathOf(`/a/${token}`, lang));
  }

  /** To the page of the visit that was booked where this practice has it, else to this one. */
  private async afterOffer(reply: FastifyReply, token: string, lang: Language | undefined, session: PageSession, { notice, token: booked }: OfferAnswered): Promise<void> {
    if (!offerDone.some((done) => done === notice)) return this.visit(reply, 409, token, lang, session, notice);
    if (booked !== null) void reply.header('set-cookie', this.sessions.cookieOf(booked, this.sessions.opened(booked, this.clock.now())));
    seeOther(reply, pathOf(`/a/${booked ?? token}?done=${notice}`, lang));
  }

  /** Throws PageClosed. */
  private openSession(token: string, cookie: string | undefined): PageSession {
    const session = this.sessions.read(token, cookie);
    if (session === null || !this.isOpen(session)) throw new PageClosed();
    return session;
  }

  /** Throws FormForeign. */
  private formOf(token: string, cookie: string | undefined, form: string): PageSession {
    const session = this.sessions.read(token, cookie);
    if (session === null || !this.sessions.isFormOf(token, session, form)) throw new FormForeign();
    return session;
  }

  /** Throws FormForeign, PageClosed. */
  private openFormOf(token: string, cookie: string | undefined, form: string): PageSession {
    this.formOf(token, cookie, form);
    return this.openSession(token, cookie);
  }

  private isOpen(session: PageSession): boolean {
    return this.clock.now() < session.openUntil;
  }

  private factsOf(token: string, of: Language, session: PageSession): PageFacts {
    return { token, language: of, formToken: this.sessions.formTokenOf(token, session) };
  }
}

const pathOf = (path: string, lang: Language | undefined): string => (lang === undefined ? path : withLanguage(path, lang));
