import { Injectable } from '@nestjs/common';
import type { Language } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { type Html, html } from '@slotmesh/platform';
import { type EducationText, isInForce, textIn } from '../domain/education';
import { EducationUnknown } from '../domain/education.errors';
import { limitedMarkdown } from '../domain/limited-markdown';
import { EducationRepository } from '../persistence/education.repository';

const WORDS = {
  en: { source: 'Source', version: 'Version', other: 'En español', emergency: 'In an emergency call 911. Questions? Please call the practice where your visit is.' },
  es: { source: 'Fuente', version: 'Versión', other: 'In English', emergency: 'En una emergencia llame al 911. ¿Preguntas? Llame al consultorio de su cita.' },
} as const;

/** What patients read, as a page that needs no sign-in, names nobody and knows nothing of who reads it. Throws EducationUnknown where it is not in use. */
@Injectable()
export class ReadEducationPage {
  constructor(private readonly work: UnitOfWork, private readonly contents: EducationRepository) {}

  async execute(id: string, asked: Language): Promise<string> {
    const content = await this.work.run(workerFor('education', null), (tx) => this.contents.find(tx, id));
    if (!content || !isInForce(content)) throw new EducationUnknown();
    const { language, text } = textIn(content, asked);
    const words = WORDS[language];
    const other: Language = language === 'en' ? 'es' : 'en';
    const approved = content.approvals.map(({ at }) => at).sort().at(-1) ?? formatInstant(content.madeAt);
    return page(language, text, [
      ...(content.texts[other] ? [html`<p><a href="?language=${other}" lang="${other}" hreflang="${other}">${words.other}</a></p>`] : []), limitedMarkdown(text.body),
      ...(content.sourceUrl === null ? [] : [html`<p>${words.source}: <a href="${content.sourceUrl}" rel="noreferrer">${content.sourceUrl}</a></p>`]), html`<footer><p>${words.emergency}</p><p>${words.version} ${content.version}, ${approved.slice(0, 10)}</p></footer>`,
    ]);
  }
}

const page = (language: Language, { title }: EducationText, parts: readonly Html[]): string =>
  html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>body{font:1.125rem/1.6 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:40rem;margin:0 auto;padding:1rem}a{color:#00539f}footer{border-top:1px solid #767676;font-size:1rem}@media(prefers-color-scheme:dark){body{color:#f0f0f0;background:#121212}a{color:#8ec7ff}}</style></head><body><main><h1>${title}</h1>${parts}</main></body></html>`.text;
