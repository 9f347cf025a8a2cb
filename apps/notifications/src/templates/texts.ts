import type { Language } from '@slotmesh/contracts';
import type { Template } from '../messages/domain/fence';
import { toGsm7 } from './gsm7';
import { type MessageFacts, type VisitFacts, phoneForPeople, placeOf, timeOf, clockOf } from './visit-facts';

/** Raised with every change of a wording; kept with each attempt as evidence. */
export const TEXTS_VERSION = 7;

interface Wording {
  readonly place: (visit: VisitFacts, practice: string | null) => string;
  /** In place of what must not be named: the patient's own page, behind the birth date, says it. */
  readonly details: (url: string) => string;
  /** The host's rule about calling off late, after every text that offers X. */
  readonly late: { readonly free: (until: string) => string; readonly counts: string };
  readonly texts: Readonly<Record<Template, (facts: MessageFacts, at: string) => string>>;
}

const call = (facts: MessageFacts): string => phoneForPeople(facts.practice.phone);
const from = (facts: MessageFacts): string => (facts.practice.name === null ? '' : `${facts.practice.name}: `);
const name = (facts: MessageFacts): string => (facts.givenName ? `${facts.givenName}, ` : '');
const times = (facts: MessageFacts): string => facts.visits.map((visit) => timeOf(visit, facts.language)).join('; ');
const by = (facts: MessageFacts, word: string): string => (facts.answerBy ? word + clockOf(facts.answerBy) : '');
/** One visit only: a text about several has no room to say which. */
function rule(facts: MessageFacts): string {
  const [visit, ...more] = facts.visits;
  const { late } = wordings[facts.language];
  if (!visit || more.length > 0 || visit.cancelFree === null) return '';
  return ` ${visit.cancelFree === 'over' ? late.counts : late.free(timeOf({ start: visit.cancelFree, zone: visit.zone }, facts.language))}`;
}
/** What a yes costs, and what it has cost: the later visit that it takes the place of. */
function later(facts: MessageFacts, say: (at: string) => string): string {
  const givesUp = facts.visits[0]?.givesUp ?? null;
  return givesUp === null ? '' : ` ${say(timeOf(givesUp, facts.language))}`;
}
/** With the link to the visit's own page, where it has one. */
const link = (facts: MessageFacts, say: (url: string) => string): string => (facts.visits[0]?.page ? say(facts.visits[0].page) : '');
const up = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const en: Wording = {
  late: { free: (until) => `Cancel by ${until}: after that it is late.`, counts: 'To cancel now is late.' },
  details: (url) => ` Details: ${url}`,
  place: (visit, practice) => (visit.modality === 'video' ? ' by video' : visit.modality === 'phone' ? ' by phone' : visit.site === null ? '' : ` at ${placeOf(visit.site, practice ?? '')}`),
  texts: {
    'booking-confirmation': (f, at) => `${from(f)}${up(`${name(f)}your visit is booked${f.bookedBy ? ` by ${f.bookedBy}` : ''}:`)} ${at}. Reply C to confirm, X to cancel, STOP for no texts.${rule(f)} Questions: ${call(f)}.`,
    'visit-reminder': (f, at) => `${from(f)}${up(`${name(f)}your visit is`)} ${at}. Reply C to confirm, X to cancel, or call ${call(f)}.${rule(f)} STOP ends texts.`,
    'visit-moved': (f, at) => `${from(f)}${up(`${name(f)}your visit${f.bookedBy ? ` (${f.bookedBy})` : ''} has moved. New time:`)} ${at}. Reply C to confirm, X to cancel, or call ${call(f)}.${rule(f)} STOP ends texts.`,
    'visit-cancelled': (f, at) => `${from(f)}${up(`${name(f)}your visit on`)} ${at} is cancelled. To book another time call ${call(f)}. STOP ends texts.`,
    'waitlist-offer': (f, at) => `${from(f)}${up(`${name(f)}a time came free:`)} ${at}. Reply YES${by(f, ' by ')} to take it, NO to pass.${later(f, (old) => `YES gives up your visit on ${old}.`)} You keep your place. Or call ${call(f)}. STOP ends texts.`,
    'waitlist-offer-gone': (f, at) => `${from(f)}${up(`${name(f)}the time on`)} ${at} is no longer free. You keep your place on our list. Questions: ${call(f)}. STOP ends texts.`,
    'visit-must-move': (f) => `${from(f)}${up(`${name(f)}we have to move your visit of`)} ${times(f)}. ${link(f, (url) => `Choose another time: ${url} or call`) || 'For another time call'} ${call(f)}. STOP ends texts.`,
    education: (f) => `${from(f)}${up(`${name(f)}what to know before your visit:`)} ${f.page ?? ''} Questions: ${call(f)}. STOP ends texts.`,
    'recall-due': (f) => `${from(f)}${up(`${name(f)}it is time to book your next visit.`)} Please call ${call(f)}. STOP ends texts.`,
    'answer-must-move': (f) => `${from(f)}Nothing was changed: your visit of ${times(f)} has to move. To choose another time open the link in our text, or call ${call(f)}.`,
    'answer-offer-taken': (f, at) => `${from(f)}It is yours: ${at}.${later(f, (old) => `Your visit on ${old} is given up.`)} A confirmation follows. To change it call ${call(f)}.`,
    'answer-offer-declined': (f) => `${from(f)}All right. You keep your place on our list and hear from us when another time comes free. Questions: ${call(f)}.`,
    'answer-offer-gone': (f) => `${from(f)}Sorry, that time is no longer free. You keep your place on our list and hear from us when another one is. Questions: ${call(f)}.`,
    'answer-confirmed': (f, at) => `${from(f)}Thank you, confirmed: ${at}. To change it call ${call(f)}.`,
    'answer-cancelled': (f, at) => `${from(f)}Your visit on ${at} is cancelled. To book another time call ${call(f)}.`,
    'answer-current-time': (f, at) => (f.visits[0]?.cancelled ? `${from(f)}Nothing was changed: your visit on ${at} is cancelled. Questions: ${call(f)}.` : `${from(f)}Nothing was changed, because your visit has a new time: ${at}. Reply C to confirm it, X to cancel it, or call ${call(f)}.${rule(f)}`),
    'answer-which-visit': (f, at) => `${from(f)}You have more than one visit. Which one do you mean? ${at}. Reply with the number, or call ${call(f)}.`,
    'answer-not-understood': (f) => `${from(f)}We got your text, but texts are not watched for emergencies: call 911. For all else call ${call(f)}.`,
    'answer-desk-will-call': (f) => `${from(f)}There is no upcoming visit that this answer can belong to. Please call ${call(f)}.`,
    'stop-confirmation': (f) => `${from(f)}You will get no more texts from us or our partner practices. Your visits stay booked; call ${call(f)} to change one. START brings texts back.`,
    'start-confirmation': (f) => `${from(f)}You will get texts about your visits again. Msg & data rates may apply. HELP for help, STOP to end.`,
    help: (f) => `${from(f)}Texts about your visits. Call ${call(f)}. Emergency: 911. Msg & data rates may apply. Reply STOP to end texts.`,
  },
};

const es: Wording = {
  late: { free: (until) => `Cancele antes de ${until}: después es tarde.`, counts: 'Cancelar ahora es tarde.' },
  details: (url) => ` Detalles: ${url}`,
  place: (visit, practice) => (visit.modality === 'video' ? ' por video' : visit.modality === 'phone' ? ' por teléfono' : visit.site === null ? '' : ` en ${placeOf(visit.site, practice ?? '')}`),
  texts: {
    'booking-confirmation': (f, at) => `${from(f)}${up(`${name(f)}su cita está reservada${f.bookedBy ? ` por ${f.bookedBy}` : ''}:`)} ${at}. Responda C para confirmar, X para cancelar, STOP para no recibir textos.${rule(f)} Preguntas: ${call(f)}.`,
    'visit-reminder': (f, at) => `${from(f)}${up(`${name(f)}su cita es`)} ${at}. Responda C para confirmar, X para cancelar, o llame al ${call(f)}.${rule(f)} STOP: no más textos.`,
    'visit-moved': (f, at) => `${from(f)}${up(`${name(f)}su cita${f.bookedBy ? ` (${f.bookedBy})` : ''} cambió. Nueva hora:`)} ${at}. Responda C para confirmar, X para cancelar, o llame al ${call(f)}.${rule(f)} STOP: no más textos.`,
    'visit-cancelled': (f, at) => `${from(f)}${up(`${name(f)}su cita del`)} ${at} está cancelada. Para otra cita llame al ${call(f)}. STOP: no más textos.`,
    'waitlist-offer': (f, at) => `${from(f)}${up(`${name(f)}hay una hora libre:`)} ${at}. Responda SÍ${by(f, ' antes de ')}, o NO (conserva su lugar), o llame al ${call(f)}.${later(f, (old) => `Con SÍ deja su cita del ${old}.`)} STOP: no más textos.`,
    'waitlist-offer-gone': (f, at) => `${from(f)}${up(`${name(f)}la hora del`)} ${at} ya no está libre. Conserva su lugar en la lista. Preguntas: ${call(f)}. STOP: no más textos.`,
    'visit-must-move': (f) => `${from(f)}${up(`${name(f)}tenemos que cambiar su cita del`)} ${times(f)}. ${link(f, (url) => `Elija otra hora: ${url} o llame al`) || 'Para otra hora llame al'} ${call(f)}. STOP: no más textos.`,
    education: (f) => `${from(f)}${up(`${name(f)}lo que debe saber antes de su cita:`)} ${f.page ? `${f.page}?language=es` : ''} Preguntas: ${call(f)}. STOP: no más textos.`,
    'recall-due': (f) => `${from(f)}${up(`${name(f)}es hora de reservar su próxima cita.`)} Llame al ${call(f)}. STOP: no más textos.`,
    'answer-must-move': (f) => `${from(f)}No se cambió nada: su cita del ${times(f)} tiene que cambiar. Para elegir otra hora abra el enlace de nuestro texto, o llame al ${call(f)}.`,
    'answer-offer-taken': (f, at) => `${from(f)}Es suya: ${at}.${later(f, (old) => `Su cita del ${old} ya no es suya.`)} Recibirá una confirmación. Para cambiarla llame al ${call(f)}.`,
    'answer-offer-declined': (f) => `${from(f)}De acuerdo. Conserva su lugar en la lista y le avisamos cuando haya otra hora libre. Preguntas: ${call(f)}.`,
    'answer-offer-gone': (f) => `${from(f)}Lo sentimos, esa hora ya no está libre. Conserva su lugar en la lista y le avisamos cuando haya otra. Preguntas: ${call(f)}.`,
    'answer-confirmed': (f, at) => `${from(f)}Gracias, confirmada: ${at}. Para cambiarla llame al ${call(f)}.`,
    'answer-cancelled': (f, at) => `${from(f)}Su cita del ${at} está cancelada. Para otra cita llame al ${call(f)}.`,
    'answer-current-time': (f, at) => (f.visits[0]?.cancelled ? `${from(f)}No se cambió nada: su cita del ${at} está cancelada. Preguntas: ${call(f)}.` : `${from(f)}No se cambió nada, porque su cita tiene nueva hora: ${at}. Responda C para confirmarla, X para cancelarla, o llame al ${call(f)}.${rule(f)}`),
    'answer-which-visit': (f, at) => `${from(f)}Usted tiene más de una cita. ¿Cuál de ellas? ${at}. Responda con el número, o llame al ${call(f)}.`,
    'answer-not-understood': (f) => `${from(f)}Recibimos su texto, pero nadie lo lee para emergencias: llame al 911. Para lo demás llame al ${call(f)}.`,
    'answer-desk-will-call': (f) => `${from(f)}No hay una cita próxima a la que pertenezca su respuesta. Por favor llame al ${call(f)}.`,
    'stop-confirmation': (f) => `${from(f)}No recibirá más textos nuestros ni de consultorios asociados. Sus citas siguen reservadas; para cambios llame al ${call(f)}. START reanuda.`,
    'start-confirmation': (f) => `${from(f)}Recibirá de nuevo textos sobre sus citas. Pueden aplicar cargos. HELP para ayuda, STOP para terminar.`,
    help: (f) => `${from(f)}Textos sobre sus citas. Llame al ${call(f)}. Emergencia: 911. Pueden aplicar cargos. Responda STOP para terminar.`,
  },
};

const wordings: Readonly<Record<Language, Wording>> = { en, es };

/** Texts that leave the place to the patient's own page, where it must not be named. */
const ABOUT_COMING: ReadonlySet<Template> = new Set(['booking-confirmation', 'visit-reminder', 'visit-moved']);

/** The text of a message, within GSM-7. Several visits are numbered when a choice is asked for and joined otherwise; `code` makes it findable at the provider. */
export function textOf(template: Template, facts: MessageFacts, code: string): string {
  const { place, details, texts } = wordings[facts.language];
  const each = facts.visits.map((visit) => timeOf(visit, facts.language) + place(visit, facts.practice.name));
  const at = template === 'answer-which-visit' ? each.map((text, index) => `${index + 1}: ${text}`).join('; ') : each.join('; ');
  const [only, ...more] = facts.visits;
  const page = only && more.length === 0 && only.site === null && ABOUT_COMING.has(template) ? only.page : null;
  return toGsm7(`${texts[template](facts, at)}${page === null ? '' : details(page)} Ref ${code}`);
}
