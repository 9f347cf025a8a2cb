import type { Language } from '@slotmesh/contracts';
import type { MessageTemplate } from './template-names';

export interface MailSource {
  /** Practice and date only, or the date alone where the practice must not be named: a subject is read over shoulders. */
  readonly subject: string;
  /** Paragraphs, with a blank line between them. Practice, phone and why it came stand under every mail and are no part of it. */
  readonly source: string;
}

const CALL = '{{ practice.phone }}';
const paragraphs = (...parts: string[]): string => parts.join('\n\n');
const at = (word: string): string => `{% if practice.name %}${word}{{ practice.name }}{% endif %}`;
const sayer = (withName: string, without: string): string => `{% if practice.name %}{{ practice.name }}${withName}{% else %}${without}{% endif %}`;
/** The time of the first visit: a subject has no room for more. */
const WHEN = '{% for visit in visits limit: 1 %}{{ visit.when }}{% endfor %}';

const HELLO_EN = '{% if patient.name %}Dear {{ patient.name }},{% else %}Hello,{% endif %}';
const BY_EN = '{% if bookedBy %} It was booked by {{ bookedBy }}.{% endif %}';
const CHANGE_EN = `To change or cancel it, please call ${CALL}.{% if cancelIsLate %} To cancel or move it now counts as late.{% endif %}`;
const AGAIN_EN = `To book another time, please call ${CALL}.`;
const ASK_EN = `Questions? Please call ${CALL}.`;
const mail = (hello: string, subject: string, lead: string, next: string, shows: readonly string[] = ['{{ details }}', '{{ links }}']): MailSource => ({ subject, source: paragraphs(hello, lead, ...shows, next) });
const en: Readonly<Record<MessageTemplate, MailSource>> = {
  'booking-confirmation': mail(HELLO_EN, `Your visit${at(' at ')} is booked: ${WHEN}`, `Your visit is booked.${BY_EN}`, CHANGE_EN),
  'visit-reminder': mail(HELLO_EN, `Reminder: your visit${at(' at ')}, ${WHEN}`, `This is a reminder of your visit.${BY_EN}`, CHANGE_EN),
  'visit-moved': mail(HELLO_EN, `New time for your visit${at(' at ')}: ${WHEN}`, `Your visit has a new time.${BY_EN}`, CHANGE_EN),
  'visit-cancelled': mail(HELLO_EN, `Cancelled: your visit${at(' at ')}, ${WHEN}`, `Your visit is cancelled.${BY_EN}`, AGAIN_EN, ['{{ details }}']),
  'waitlist-offer': mail(HELLO_EN, `${sayer(': a time came free', 'A time came free')}, ${WHEN}`, `You are on our wait list, and this time came free.${BY_EN}`, `To take it, please call ${CALL}{% if answerBy %} before {{ answerBy }}{% endif %}. If you pass, you keep your place.{% if givesUp %} If you take it, your later visit on {{ givesUp }} is given up.{% endif %}`),
  'waitlist-offer-gone': mail(HELLO_EN, `${sayer(': no longer free', 'No longer free')}, ${WHEN}`, `This time is no longer free. You keep your place on our wait list.${BY_EN}`, ASK_EN),
  'visit-must-move': mail(HELLO_EN, `{% if practice.name %}{{ practice.name }} has to move your visit of ${WHEN}{% else %}Your visit of ${WHEN} has to move{% endif %}`, `We have to move your visit. Please choose another time.${BY_EN}`, `You can also call ${CALL} for another time.`),
  'no-show-note': mail(HELLO_EN, `We missed you${at(' at ')}: ${WHEN}`, 'We missed you at this visit. Things happen, and you are welcome at another time.', AGAIN_EN),
  'feedback-question': mail(HELLO_EN, `How was your visit${at(' at ')}?`, 'How was this visit? Please tell us in one number, from 1 (poor) to 5 (very good): just answer this mail, or tell us by phone.', ASK_EN, ['{{ details }}']),
  education: mail(HELLO_EN, `Please read before your visit${at(' at ')}: ${WHEN}`, 'Please read what we have put together for you before your visit.', ASK_EN),
  'recall-due': mail(HELLO_EN, sayer(': it is time to book a visit', 'It is time to book a visit'), 'It is time to book your next visit.', `To choose a time, please call ${CALL}.`),
};

const HELLO_ES = '{% if patient.name %}Hola, {{ patient.name }}:{% else %}Hola:{% endif %}';
const BY_ES = '{% if bookedBy %} La reservó {{ bookedBy }}.{% endif %}';
const CHANGE_ES = `Para cambiarla o cancelarla, llame al ${CALL}.{% if cancelIsLate %} Cancelarla o cambiarla ahora cuenta como tarde.{% endif %}`;
const AGAIN_ES = `Para reservar otra hora, llame al ${CALL}.`;
const ASK_ES = `¿Preguntas? Llame al ${CALL}.`;
const es: Readonly<Record<MessageTemplate, MailSource>> = {
  'booking-confirmation': mail(HELLO_ES, `Su cita${at(' en ')} está reservada: ${WHEN}`, `Su cita está reservada.${BY_ES}`, CHANGE_ES),
  'visit-reminder': mail(HELLO_ES, `Recordatorio: su cita${at(' en ')}, ${WHEN}`, `Le recordamos su cita.${BY_ES}`, CHANGE_ES),
  'visit-moved': mail(HELLO_ES, `Nueva hora para su cita${at(' en ')}: ${WHEN}`, `Su cita tiene una nueva hora.${BY_ES}`, CHANGE_ES),
  'visit-cancelled': mail(HELLO_ES, `Cancelada: su cita${at(' en ')}, ${WHEN}`, `Su cita está cancelada.${BY_ES}`, AGAIN_ES, ['{{ details }}']),
  'waitlist-offer': mail(HELLO_ES, `${sayer(': hay una hora libre', 'Hay una hora libre')}, ${WHEN}`, `Está en nuestra lista de espera, y esta hora está libre.${BY_ES}`, `Para tomarla, llame al ${CALL}{% if answerBy %} antes de {{ answerBy }}{% endif %}. Si no, conserva su lugar.{% if givesUp %} Si la toma, deja su cita posterior del {{ givesUp }}.{% endif %}`),
  'waitlist-offer-gone': mail(HELLO_ES, `${sayer(': ya no está libre', 'Ya no está libre')}, ${WHEN}`, `Esta hora ya no está libre. Conserva su lugar en la lista de espera.${BY_ES}`, ASK_ES),
  'visit-must-move': mail(HELLO_ES, `{% if practice.name %}{{ practice.name }} tiene que cambiar su cita del ${WHEN}{% else %}Su cita del ${WHEN} tiene que cambiar{% endif %}`, `Tenemos que cambiar su cita. Por favor, elija otra hora.${BY_ES}`, `También puede llamar al ${CALL} para otra hora.`),
  'no-show-note': mail(HELLO_ES, `No pudimos verle${at(' en ')}: ${WHEN}`, 'No pudimos verle en esta cita. Son cosas que pasan, y otra hora está a su disposición.', AGAIN_ES),
  'feedback-question': mail(HELLO_ES, `¿Cómo fue su cita${at(' en ')}?`, '¿Cómo fue esta cita? Díganoslo con un número, de 1 (mal) a 5 (muy bien): responda a este correo, o díganoslo por teléfono.', ASK_ES, ['{{ details }}']),
  education: mail(HELLO_ES, `Por favor, lea antes de su cita${at(' en ')}: ${WHEN}`, 'Por favor, lea antes de su cita lo que preparamos para usted.', ASK_ES),
  'recall-due': mail(HELLO_ES, sayer(': es hora de reservar una cita', 'Es hora de reservar una cita'), 'Ya es hora de reservar su próxima cita.', `Para elegir una hora, llame al ${CALL}.`),
};

export const builtInMails: Readonly<Record<Language, Readonly<Record<MessageTemplate, MailSource>>>> = { en, es };
