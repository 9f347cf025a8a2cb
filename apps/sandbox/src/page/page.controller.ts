import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { LOCAL_STAND_IN } from '../local-stand-in';

const TYPES: ReadonlyMap<string, string> = new Map([['.html', 'text/html; charset=utf-8'], ['.css', 'text/css; charset=utf-8'], ['.js', 'text/javascript; charset=utf-8']]);
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'";

/** The page on which a person sees every phone and mailbox, moves the clock and orders faults. It is static and speaks to the sandbox's own API. */
@Controller('sandbox')
@PublicRoute(LOCAL_STAND_IN)
export class PageController {
  private readonly files = load(publicFolder(__dirname));

  /** The page itself. */
  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await this.send(reply, 'sandbox.html');
  }

  /** What the page loads. 404: there is no such file. */
  @Get('assets/:name')
  async asset(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    await this.send(reply, name);
  }

  private async send(reply: FastifyReply, name: string): Promise<void> {
    const content = this.files.get(name);
    const type = TYPES.get(extname(name));
    if (content === undefined || type === undefined) throw new DomainError('not-found', 'not-found', 'There is no such file.');
    await reply.header('content-security-policy', POLICY).header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff').type(type).send(content);
  }
}

function load(folder: string): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Why: the files are not compiled, so they stay beside the sources, also when this runs from dist. */
function publicFolder(from: string): string {
  const here = join(from, 'apps/sandbox/public');
  if (existsSync(here)) return here;
  if (dirname(from) === from) throw new Error('apps/sandbox/public is missing');
  return publicFolder(dirname(from));
}
