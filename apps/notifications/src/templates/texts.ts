import { shortCodeLine } from '../messages/domain/short-code';
import { type TemplateSource, builtIn } from './built-in';
import { toGsm7, toGsm7IfItCan } from './gsm7';
import { renderSource } from './template-engine';
import type { TemplateName } from './template-names';
import { modelOf } from './view-model';
import type { MessageFacts } from './visit-facts';

/** The text of a message, within GSM-7, by the given wording or the network's; `code` makes it findable at the provider. */
export function textOf(template: TemplateName, facts: MessageFacts, code: string, own: Pick<TemplateSource, 'source'> | null = null): string {
  const { source } = own ?? builtIn(template, facts.language, 'sms')!;
  return toGsm7(`${renderSource(source, modelOf(template, facts, 'sms'))} ${shortCodeLine(code)}`);
}

/** What somebody at the desk typed, with the practice's name before it; words in another script stay as they are. */
export const deskTextOf = (typed: string, { practice }: Pick<MessageFacts, 'practice'>, code: string): string => toGsm7IfItCan(`${practice.name === null ? '' : `${practice.name}: `}${typed} ${shortCodeLine(code)}`);
