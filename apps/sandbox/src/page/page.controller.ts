import { readFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import { PublicRoute } from '@slotmesh/security';
import { LOCAL_STAND_IN } from '../local-stand-in';

const folder = find(__dirname);
const [html, style, script] = ['sandbox.html', 'sandbox.css', 'sandbox.js'].map((name) => readFileSync(join(folder, name), 'utf8'));

/** The page on which a person sees every phone and mailbox, moves the clock and orders faults. It is static and speaks to the sandbox's own API. */
@Controller('sandbox')
@PublicRoute(LOCAL_STAND_IN)
export class PageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'self'; frame-src 'self' data:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'")
  page(): string | undefined {
    return html;
  }

  @Get('assets/sandbox.css')
  @Header('content-type', 'text/css; charset=utf-8')
  css(): string | undefined {
    return style;
  }

  @Get('assets/sandbox.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  js(): string | undefined {
    return script;
  }
}

/** Why: the files are not compiled, so they are beside the sources, also when this runs from dist. */
function find(from: string): string {
  const here = join(from, 'apps/sandbox/public');
  if (existsSync(here)) return here;
  if (dirname(from) === from) throw new Error('apps/sandbox/public is missing');
  return find(dirname(from));
}
