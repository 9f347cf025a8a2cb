import type { FastifyReply } from 'fastify';

const HEADERS = {
  // Why no script at all: the pages have none, so one that gets in by whatever way does not run.
  'content-security-policy': "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  // Why: the address is the key to the page, and must not travel to the map that it links to.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export function sendPage(reply: FastifyReply, status: number, page: string): void {
  void reply.status(status).headers(HEADERS).type('text/html; charset=utf-8').send(page);
}

/** After a change: the browser asks for the page anew, so that going back or reloading changes nothing again (303, RFC 9110 section 15.4.4). */
export function seeOther(reply: FastifyReply, path: string): void {
  void reply.status(303).headers(HEADERS).header('location', path).send();
}

export function sendCalendar(reply: FastifyReply, content: string): void {
  void reply.status(200).headers(HEADERS).header('content-disposition', 'attachment; filename="visit.ics"').type('text/calendar; charset=utf-8; method=PUBLISH').send(content);
}
