import { Injectable } from '@nestjs/common';
import { segmentsOf } from '../gsm7';
import { type Draft, type Finding, lint } from '../domain/lint';
import { type ReadingLevel, readingLevelOf } from '../domain/reading-level';
import { longestFacts, usualFacts } from '../domain/sample-facts';
import { type Mail, mailOf } from '../mails';
import { isMessageTemplate } from '../template-names';
import { textOf } from '../texts';
import { VARIABLES, VISIT_VARIABLES } from '../view-model';

interface Sample {
  readonly of: 'everyday' | 'longest';
  readonly text: string | null;
  readonly segments: { readonly encoding: string; readonly segments: number } | null;
  readonly mail: Mail | null;
}
export interface Preview {
  readonly findings: readonly Finding[];
  /** Of the everyday message; null where it cannot be written. */
  readonly readingLevel: ReadingLevel | null;
  readonly samples: readonly Sample[];
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What is wrong with a wording, and how it reads with sample values; nothing is kept. */
@Injectable()
export class PreviewTemplate {
  execute(draft: Draft): Preview {
    const findings = lint(draft);
    const readable = !findings.some(({ code }) => ['syntax', 'unknown-variable', 'does-not-render', 'no-mail'].includes(code));
    const samples = readable ? [sampleOf(draft, 'everyday'), sampleOf(draft, 'longest')] : [];
    const said = samples[0]?.text ?? samples[0]?.mail?.text;
    return { findings, samples, readingLevel: said === undefined ? null : readingLevelOf(said, draft.language), variables: { ...VARIABLES, 'for visit in visits': VISIT_VARIABLES } };
  }
}

function sampleOf({ name, language, channel, source, subject }: Draft, of: Sample['of']): Sample {
  const facts = of === 'everyday' ? usualFacts(language) : longestFacts(language);
  if (channel === 'email' && isMessageTemplate(name)) return { of, text: null, segments: null, mail: mailOf(name, facts, { source, subject }) };
  const text = textOf(name, facts, '7KQ2M', { source });
  return { of, text, segments: segmentsOf(text), mail: null };
}
