import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import { Clock } from '@slotmesh/kernel';
import type { FastifyReply } from 'fastify';
import { seeOther, sendPage } from './page-reply';
import { type PageSession, PageSessions } from './page-sessions';
import { type AskFacts, askPage } from './pages/ask-page';
import { withLanguage } from './pages/frame';
import { type PageFacts, type VisitNotice, visitPage } from './pages/visit-page';
import { FormForeign, PageClosed } from './patient-page.errors';
import { FindOtherTimes } from './queries/find-other-times';
import { ReadVisit } from './queries/read-visit';

/** Where an answer goes: the link, the language that was asked for, and the browser's session before this link. */
export interface PageAt {
  readonly token: string;
  readonly lang: Language | undefined;
  readonly session: PageSession;
}

/** What the routes of the page share: who may go on, and the answers that more than one of them gives. */
@Injectable()
export class PageAnswers {
  constructor(private readonly clock: Clock, private readonly sessions: PageSessions, private readonly read: ReadVisit, private readonly otherTimes: FindOtherTimes) {}

  /** Whoever opened the link, with a birth date given or not. */
  anybody(token: string, lang: Language | undefined, cookie: string | undefined): PageAt & { readonly isOpen: boolean } {
    const session = this.sessions.read(token, cookie) ?? this.sessions.closed(token);
    return { token, lang, session, isOpen: this.isOpen(session) };
  }

  /** Who has given the birth date. Throws PageClosed. */
  reader(token: string, lang: Language | undefined, cookie: string | undefined): PageAt {
    const session = this.sessions.read(token, cookie);
    if (session === null || !this.isOpen(session)) throw new PageClosed();
    return { token, lang, session };
  }

  /** Who sends a form of the page, with a birth date given or not. Throws FormForeign. */
  sender(token: string, lang: Language | undefined, cookie: string | undefined, form: string): PageAt {
    const session = this.sessions.read(token, cookie);
    if (session === null || !this.sessions.isFormOf(token, session, form)) throw new FormForeign();
    return { token, lang, session };
  }

  /** Who sends a form and has given the birth date. Throws FormForeign, PageClosed. */
  actor(token: string, lang: Language | undefined, cookie: string | undefined, form: string): PageAt {
    this.sender(token, lang, cookie, form);
    return this.reader(token, lang, cookie);
  }

  async ask(reply: FastifyReply, status: number, at: PageAt, more: Pick<AskFacts, 'given' | 'trouble'> = {}): Promise<void> {
    const door = await this.read.door(at.token);
    void reply.header('set-cookie', this.sessions.cookieOf(at.token, at.session));
    sendPage(reply, status, askPage({ ...this.factsOf(at, door.language), practice: door.practice, phone: door.phone, own: door.own, ...more }));
  }

  async visit(reply: FastifyReply, status: number, at: PageAt, notice: VisitNotice | null): Promise<void> {
    const visit = await this.read.execute(at.token);
    const proposed = visit.mustMove && visit.actions.includes('move') ? await this.otherTimes.proposed(at.token) : [];
    sendPage(reply, status, visitPage(this.factsOf(at, visit.patient.language), visit, notice, proposed));
  }

  /** Back to the page of the link, or to the present visit where it is not as the page showed it. */
  async after(reply: FastifyReply, at: PageAt, outcome: 'done' | 'stale'): Promise<void> {
    if (outcome === 'stale') await this.visit(reply, 409, at, 'stale');
    else seeOther(reply, pathOf(`/a/${at.token}`, at.lang));
  }

  /** To the page of a link, which is open in this browser from now on. */
  toOpened(reply: FastifyReply, token: string, lang: Language | undefined, done: string | null = null): void {
    void reply.header('set-cookie', this.sessions.cookieOf(token, this.sessions.opened(token, this.clock.now())));
    this.to(reply, token, lang, done);
  }

  to(reply: FastifyReply, token: string, lang: Language | undefined, done: string | null): void {
    seeOther(reply, pathOf(done === null ? `/a/${token}` : `/a/${token}?done=${done}`, lang));
  }

  /** `own`: the language of the patient, where none was asked for. */
  factsOf({ token, lang, session }: PageAt, own: Language): PageFacts {
    return { token, language: lang ?? own, formToken: this.sessions.formTokenOf(token, session) };
  }

  private isOpen(session: PageSession): boolean {
    return this.clock.now() < session.openUntil;
  }
}

const pathOf = (path: string, lang: Language | undefined): string => (lang === undefined ? path : withLanguage(path, lang));
