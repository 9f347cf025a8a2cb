import type { Language } from '@slotmesh/contracts';
import { builtInMails } from './built-in-mails';
import { builtInTexts } from './built-in-texts';
import { type TemplateName, isMessageTemplate } from './template-names';

/** Raised with every change of a wording of the network; kept with each attempt as evidence. Versions of a practice are counted from FIRST_OWN_VERSION. */
export const BUILT_IN_VERSION = 8;
/** Why so high: the version alone then tells whose wording an attempt bore. */
export const FIRST_OWN_VERSION = 1_001;

export interface TemplateSource {
  readonly version: number;
  readonly source: string;
  /** Mails only. */
  readonly subject: string | null;
}

/** The network's own wording; null: there are no mails of this name. */
export function builtIn(name: TemplateName, language: Language, channel: 'sms' | 'email'): TemplateSource | null {
  if (channel === 'sms') return { version: BUILT_IN_VERSION, source: builtInTexts[language][name], subject: null };
  return isMessageTemplate(name) ? { version: BUILT_IN_VERSION, ...builtInMails[language][name] } : null;
}
