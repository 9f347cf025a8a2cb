import type { Language } from '@slotmesh/contracts';
import type { TemplateName } from './template-names';

const FROM = '{% if practice.name %}{{ practice.name }}: {% endif %}';
/** `Maria, your visit` or `Your visit`: the word that follows begins the sentence where no name does. */
const named = (word: string): string => `{% if patient.name %}{{ patient.name | capital }}, ${word}{% else %}${word.charAt(0).toUpperCase()}${word.slice(1)}{% endif %}`;
const CALL = '{{ practice.phone }}';

const RULE_EN = '{% if cancelIsLate %} To cancel now is late.{% elsif cancelBy %} Cancel by {{ cancelBy }}: after that it is late.{% endif %}';
const DETAILS_EN = '{% if page %} Details: {{ page }}{% endif %}';
const en: Readonly<Record<TemplateName, string>> = {
  'booking-confirmation': `${FROM}${named('your')} visit is booked{% if bookedBy %} by {{ bookedBy }}{% endif %}: {{ timesAndPlaces }}. Reply C to confirm, X to cancel, STOP for no texts.${RULE_EN} Questions: ${CALL}.${DETAILS_EN}`,
  'visit-reminder': `${FROM}${named('your')} visit{% if visits.size > 1 %}s are{% else %} is{% endif %} {{ timesAndPlaces }}. Reply C to confirm, X to cancel, or call ${CALL}.${RULE_EN} STOP ends texts.${DETAILS_EN}`,
  'visit-moved': `${FROM}${named('your')} visit{% if bookedBy %} ({{ bookedBy }}){% endif %} has moved. New time: {{ timesAndPlaces }}. Reply C to confirm, X to cancel, or call ${CALL}.${RULE_EN} STOP ends texts.${DETAILS_EN}`,
  'visit-cancelled': `${FROM}${named('your')} visit on {{ timesAndPlaces }} is cancelled. To book another time call ${CALL}. STOP ends texts.`,
  'waitlist-offer': `${FROM}${named('a')} time came free: {{ timesAndPlaces }}. Reply YES{% if answerBy %} by {{ answerBy }}{% endif %} to take it, NO to pass.{% if givesUp %} YES gives up your visit on {{ givesUp }}.{% endif %} You keep your place. Or call ${CALL}. STOP ends texts.`,
  'waitlist-offer-gone': `${FROM}${named('the')} time on {{ timesAndPlaces }} is no longer free. You keep your place on our list. Questions: ${CALL}. STOP ends texts.`,
  'visit-must-move': `${FROM}${named('we')} have to move your visit of {{ times }}. {% if page %}Choose another time: {{ page }} or call{% else %}For another time call{% endif %} ${CALL}. STOP ends texts.`,
  'no-show-note': `${FROM}${named('we')} missed you on {{ times }}. Things happen. For another time {% if page %}open {{ page }} or {% endif %}call ${CALL}. STOP ends texts.`,
  'feedback-question': `${FROM}${named('how')} was your visit on {{ times }}? Reply 1 to 5: 1 is poor, 5 is very good. Questions: ${CALL}. STOP ends texts.`,
  education: `${FROM}${named('please')} read this before your visit on {{ times }}{% if page %}: {{ page }} {% else %}. {% endif %}Questions: ${CALL}. STOP ends texts.`,
  'recall-due': `${FROM}${named('it')} is time to book a visit. {% if page %}Choose a time: {{ page }} or call{% else %}To choose a time call{% endif %} ${CALL}. STOP ends texts.`,
  'answer-must-move': `${FROM}Nothing was changed: your visit of {{ times }} has to move. To choose another time open the link in our text, or call ${CALL}.`,
  'answer-offer-taken': `${FROM}It is yours: {{ timesAndPlaces }}.{% if givesUp %} Your visit on {{ givesUp }} is given up.{% endif %} A confirmation follows. To change it call ${CALL}.`,
  'answer-offer-declined': `${FROM}All right. You keep your place on our list and hear from us when another time comes free. Questions: ${CALL}.`,
  'answer-offer-gone': `${FROM}Sorry, that time is no longer free. You keep your place on our list and hear from us when another one is. Questions: ${CALL}.`,
  'answer-confirmed': `${FROM}Thank you, confirmed: {{ timesAndPlaces }}. To change it call ${CALL}.`,
  'answer-cancelled': `${FROM}Your visit on {{ timesAndPlaces }} is cancelled. To book another time call ${CALL}.`,
  'answer-current-time': `${FROM}{% if cancelled %}Nothing was changed: your visit on {{ timesAndPlaces }} is cancelled. Questions: ${CALL}.{% else %}Nothing was changed, because your visit has a new time: {{ timesAndPlaces }}. Reply C to confirm it, X to cancel it, or call ${CALL}.${RULE_EN}{% endif %}`,
  'answer-which-visit': `${FROM}You have more than one visit. Which one do you mean? {{ choices }}. Reply with the number, or call ${CALL}.`,
  'answer-not-understood': `${FROM}We got your text, but texts are not watched for emergencies: call 911. For all else call ${CALL}.`,
  'answer-desk-will-call': `${FROM}There is no upcoming visit that this answer can belong to. Please call ${CALL}.`,
  'answer-desk-decides': `${FROM}Your visit on {{ timesAndPlaces }} is not cancelled yet: this one needs a word with us first. We will call you, or call ${CALL}.`,
  'answer-move-link': `${FROM}{% if page %}Choose another time for your visit of {{ times }}: {{ page }} or call{% else %}To choose another time for your visit of {{ times }} call{% endif %} ${CALL}. Nothing is changed yet.`,
  'answer-wrong-number': `${FROM}Sorry. We will not write to this number about that person again. Questions: ${CALL}.`,
  'answer-thanks': `${FROM}Thank you for telling us. Questions: ${CALL}.`,
  'stop-confirmation': `${FROM}You will get no more texts from us or our partner practices. Your visits stay booked; call ${CALL} to change one. START brings texts back.`,
  'start-confirmation': `${FROM}You will get texts about your visits again. Msg & data rates may apply. HELP for help, STOP to end.`,
  help: `${FROM}Texts about your visits. Call ${CALL}. Emergency: 911. Msg & data rates may apply. Reply STOP to end texts.`,
};

const RULE_ES = '{% if cancelIsLate %} Cancelar ahora es tarde.{% elsif cancelBy %} Cancele antes de {{ cancelBy }}: después es tarde.{% endif %}';
const DETAILS_ES = '{% if page %} Detalles: {{ page }}{% endif %}';
const es: Readonly<Record<TemplateName, string>> = {
  'booking-confirmation': `${FROM}${named('su')} cita está reservada{% if bookedBy %} por {{ bookedBy }}{% endif %}: {{ timesAndPlaces }}. Responda C para confirmar, X para cancelar, STOP para no recibir textos.${RULE_ES} Preguntas: ${CALL}.${DETAILS_ES}`,
  'visit-reminder': `${FROM}{% if visits.size > 1 %}${named('sus')} citas son{% else %}${named('su')} cita es{% endif %} {{ timesAndPlaces }}. Responda C para confirmar, X para cancelar, o llame al ${CALL}.${RULE_ES} STOP: no más textos.${DETAILS_ES}`,
  'visit-moved': `${FROM}${named('su')} cita{% if bookedBy %} ({{ bookedBy }}){% endif %} cambió. Nueva hora: {{ timesAndPlaces }}. Responda C para confirmar, X para cancelar, o llame al ${CALL}.${RULE_ES} STOP: no más textos.${DETAILS_ES}`,
  'visit-cancelled': `${FROM}${named('su')} cita del {{ timesAndPlaces }} está cancelada. Para otra cita llame al ${CALL}. STOP: no más textos.`,
  'waitlist-offer': `${FROM}${named('hay')} una hora libre: {{ timesAndPlaces }}. Responda SÍ{% if answerBy %} antes de {{ answerBy }}{% endif %}, o NO (conserva su lugar), o llame al ${CALL}.{% if givesUp %} Con SÍ deja su cita del {{ givesUp }}.{% endif %} STOP: no más textos.`,
  'waitlist-offer-gone': `${FROM}${named('la')} hora del {{ timesAndPlaces }} ya no está libre. Conserva su lugar en la lista. Preguntas: ${CALL}. STOP: no más textos.`,
  'visit-must-move': `${FROM}${named('tenemos')} que cambiar su cita del {{ times }}. {% if page %}Elija otra hora: {{ page }} o llame al{% else %}Para otra hora llame al{% endif %} ${CALL}. STOP: no más textos.`,
  'no-show-note': `${FROM}${named('no')} pudimos verle el {{ times }}. Son cosas que pasan. Para otra hora {% if page %}abra {{ page }} o {% endif %}llame al ${CALL}. STOP: no más textos.`,
  'feedback-question': `${FROM}{% if patient.name %}{{ patient.name | capital }}, ¿cómo{% else %}¿Cómo{% endif %} fue su cita del {{ times }}? Responda de 1 a 5: 1 es mal, 5 es muy bien. Preguntas: ${CALL}. STOP: no más textos.`,
  education: `${FROM}${named('por')} favor lea esto antes de su cita del {{ times }}{% if page %}: {{ page }} {% else %}. {% endif %}Preguntas: ${CALL}. STOP: no más textos.`,
  'recall-due': `${FROM}${named('ya')} es hora de reservar una cita. {% if page %}Elija una hora: {{ page }} o llame al{% else %}Para elegir una hora llame al{% endif %} ${CALL}. STOP: no más textos.`,
  'answer-must-move': `${FROM}No se cambió nada: su cita del {{ times }} tiene que cambiar. Para elegir otra hora abra el enlace de nuestro texto, o llame al ${CALL}.`,
  'answer-offer-taken': `${FROM}Es suya: {{ timesAndPlaces }}.{% if givesUp %} Su cita del {{ givesUp }} ya no es suya.{% endif %} Recibirá una confirmación. Para cambiarla llame al ${CALL}.`,
  'answer-offer-declined': `${FROM}De acuerdo. Conserva su lugar en la lista y le avisamos cuando haya otra hora libre. Preguntas: ${CALL}.`,
  'answer-offer-gone': `${FROM}Lo sentimos, esa hora ya no está libre. Conserva su lugar en la lista y le avisamos cuando haya otra. Preguntas: ${CALL}.`,
  'answer-confirmed': `${FROM}Gracias, confirmada: {{ timesAndPlaces }}. Para cambiarla llame al ${CALL}.`,
  'answer-cancelled': `${FROM}Su cita del {{ timesAndPlaces }} está cancelada. Para otra cita llame al ${CALL}.`,
  'answer-current-time': `${FROM}{% if cancelled %}No se cambió nada: su cita del {{ timesAndPlaces }} está cancelada. Preguntas: ${CALL}.{% else %}No se cambió nada, porque su cita tiene nueva hora: {{ timesAndPlaces }}. Responda C para confirmarla, X para cancelarla, o llame al ${CALL}.${RULE_ES}{% endif %}`,
  'answer-which-visit': `${FROM}Usted tiene más de una cita. ¿Cuál de ellas? {{ choices }}. Responda con el número, o llame al ${CALL}.`,
  'answer-not-understood': `${FROM}Recibimos su texto, pero nadie lo lee para emergencias: llame al 911. Para lo demás llame al ${CALL}.`,
  'answer-desk-will-call': `${FROM}No hay una cita próxima a la que pertenezca su respuesta. Por favor llame al ${CALL}.`,
  'answer-desk-decides': `${FROM}Su cita del {{ timesAndPlaces }} aún no está cancelada: antes queremos hablar con usted. Le llamaremos, o llame al ${CALL}.`,
  'answer-move-link': `${FROM}{% if page %}Elija otra hora para su cita del {{ times }}: {{ page }} o llame al{% else %}Para otra hora de su cita del {{ times }} llame al{% endif %} ${CALL}. Todavía no se cambió nada.`,
  'answer-wrong-number': `${FROM}Disculpe. No escribiremos más a este número sobre esa persona. Preguntas: ${CALL}.`,
  'answer-thanks': `${FROM}Gracias por su respuesta. Preguntas: ${CALL}.`,
  'stop-confirmation': `${FROM}No recibirá más textos nuestros ni de consultorios asociados. Sus citas siguen reservadas; para cambios llame al ${CALL}. START reanuda.`,
  'start-confirmation': `${FROM}Recibirá de nuevo textos sobre sus citas. Pueden aplicar cargos. HELP para ayuda, STOP para terminar.`,
  help: `${FROM}Textos sobre sus citas. Llame al ${CALL}. Emergencia: 911. Pueden aplicar cargos. Responda STOP para terminar.`,
};

/** The wordings of the network's texts; a reference that makes each findable is put behind them. */
export const builtInTexts: Readonly<Record<Language, Readonly<Record<TemplateName, string>>>> = { en, es };
