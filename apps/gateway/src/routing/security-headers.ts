import type { FastifyInstance } from 'fastify';

/** For pages that we serve ourselves: everything from this origin, nothing inline, in nobody's frame. */
export const OWN_PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Defaults for every answer; a service behind us may state its own. */
export function addSecurityHeaders(fastify: FastifyInstance, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:');
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin').header('x-frame-options', 'DENY').header('cross-origin-opener-policy', 'same-origin');
    if (secure) void reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
    done();
  });
}
