import { answerTemplates, visitTemplates } from '../messages/domain/fence';

/** What is said beyond a visit that is to come. */
export const careTemplates = ['no-show-note', 'feedback-question', 'education', 'recall-due'] as const;
/** What a plan, a person or a recall may ask for; the rest answers a patient's own text. */
export const messageTemplates = [...new Set([...visitTemplates, ...careTemplates])] as const;
export type MessageTemplate = (typeof messageTemplates)[number];
export const templateNames = [...messageTemplates, ...answerTemplates] as const;
export type TemplateName = (typeof templateNames)[number];

const messages: ReadonlySet<string> = new Set(messageTemplates);
export const isMessageTemplate = (name: TemplateName): name is MessageTemplate => messages.has(name);

/** A visit that is still to come and may be changed: only there the practice's rule about calling off late is told. */
export const CHANGEABLE: ReadonlySet<TemplateName> = new Set(['booking-confirmation', 'visit-reminder', 'visit-moved']);
