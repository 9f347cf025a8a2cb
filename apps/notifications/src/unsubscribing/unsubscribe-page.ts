import { createHash } from 'node:crypto';
import { html, Html } from '@slotmesh/platform';

const STYLE = ':root{color-scheme:light dark}body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif}main{max-width:34rem;margin:0 auto;padding:1rem}h1{font-size:1.4rem;line-height:1.25}button{min-height:48px;padding:.7rem 1.2rem;font:inherit;font-weight:600}';
export const PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'x-robots-tag': 'noindex, nofollow',
} as const;

// Why both languages and no name: the link says only which address and which practice, and a practice's name may tell why somebody goes there.
const page = (title: string, body: Html): string => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Html(STYLE)}</style></head>
<body><main>${body}</main></body></html>`.text;

/** Shows what a click would do and does nothing: scanners and previews open every link. */
export const askPage = (path: string): string => page('No more mail', html`<h1>No more mail like this?</h1>
<p>Your visits stay as they are. You may still get texts or a call.</p>
<p lang="es">¿No recibir más correos como este? Sus citas siguen igual. Puede seguir recibiendo textos o una llamada.</p>
<form method="post" action="${path}"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Stop this mail / <span lang="es">No más correos</span></button></form>`);

export const donePage = (): string => page('No more mail', html`<h1>Done: you get no more mail like this.</h1><p lang="es">Listo: no recibirá más correos como este.</p>`);

export const unknownPage = (): string => page('Unknown link', html`<h1>This link is not complete.</h1><p>Open it from the mail again, or call the practice.</p><p lang="es">Este enlace no está completo. Ábralo otra vez desde el correo, o llame al consultorio.</p>`);
