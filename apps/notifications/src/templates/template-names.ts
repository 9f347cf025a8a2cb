import { type AnswerTemplate, answerTemplates, visitTemplates } from '../messages/domain/fence';

/** What a plan, a person or a recall may ask for; the rest answers a patient's own text. */
export const messageTemplates = visitTemplates;
export type MessageTemplate = (typeof messageTemplates)[number];
/** What the desk types itself has no wording. */
const isWorded = (name: AnswerTemplate): name is Exclude<AnswerTemplate, 'desk-text'> => name !== 'desk-text';
export const templateNames = [...messageTemplates, ...answerTemplates.filter(isWorded)] as const;
export type TemplateName = (typeof templateNames)[number];

const messages: ReadonlySet<string> = new Set(messageTemplates);
export const isMessageTemplate = (name: TemplateName): name is MessageTemplate => messages.has(name);

/** A visit that is still to come and may be changed: only there the practice's rule about calling off late is told. */
export const CHANGEABLE: ReadonlySet<TemplateName> = new Set(['booking-confirmation', 'visit-reminder', 'visit-moved']);
