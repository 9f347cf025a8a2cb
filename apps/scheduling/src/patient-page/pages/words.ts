import type { Language } from '@slotmesh/contracts';
import type { PageAction } from '../domain/page-rights';
import type { BirthDateField } from '../domain/birth-date';
import type { OfferNotice } from '../domain/offer-notice';

export type StatusWord = 'asked' | 'to-confirm' | 'confirmed' | 'cancelled' | 'begun';
export type TroubleWord = 'unknown' | 'ended' | 'form' | 'closed' | 'refused' | 'away' | 'broken';

/** All that the pages say. Nothing about the reason for the visit, the service or the visit type; an offer alone names its service, because who waits for two must know which it is. */
export interface Words {
  readonly language: string;
  readonly error: string;
  readonly ask: {
    readonly title: string;
    /** `practice` null: it is not said. */
    readonly lead: (practice: string | null, own: boolean) => string;
    readonly legend: (own: boolean) => string;
    readonly hint: string;
    readonly fields: Readonly<Record<BirthDateField, string>>;
    readonly wrongFields: Readonly<Record<BirthDateField, string>>;
    readonly summary: string;
    readonly open: string;
    readonly wrong: string;
    readonly locked: string;
  };
  readonly visit: {
    readonly title: (own: boolean) => string;
    readonly when: string; readonly where: string; readonly who: string; readonly phone: string; readonly preparation: string; readonly change: string;
    readonly byVideo: string; readonly byPhone: string;
    readonly directions: string; readonly calendar: string;
    readonly status: Readonly<Record<StatusWord, string>>;
    readonly statusLabel: string;
    readonly stale: string; readonly moved: string;
    readonly callToChange: string;
    readonly callToMove: string;
  };
  readonly actions: Readonly<Record<PageAction, string>>;
  readonly move: { readonly title: string; readonly lead: string; readonly none: string; readonly taken: string; readonly sure: string; readonly later: string; readonly day: string; readonly show: string; readonly from: string; readonly to: string; readonly yes: string; readonly provider: string };
  readonly cancel: { readonly sure: string; readonly lead: string; readonly yes: string };
  readonly offers: {
    readonly title: (own: boolean) => string; readonly lead: string; readonly besides: string; readonly service: string; readonly heldUntil: string; readonly yes: string; readonly no: string;
    readonly givesUp: (later: string) => string;
    readonly notices: Readonly<Record<OfferNotice, string>>;
  };
  /** The host's rule, told before the yes. */
  readonly late: { readonly free: (until: string) => string; readonly counts: string };
  /** A visit on a closed day; never why it is closed. */
  readonly mustMove: { readonly status: string; readonly lead: string; readonly proposed: string };
  readonly keep: string;
  readonly otherTimes: string;
  readonly trouble: Readonly<Record<TroubleWord, { readonly title: string; readonly text: string }>>;
  /** Null: it is not said. */
  readonly callPractice: (practice: string | null) => string;
  readonly callSender: string;
  readonly back: string;
  readonly emergency: string;
}

const en: Words = {
  language: 'English',
  error: 'Error',
  ask: {
    title: 'Open your visit',
    lead: (practice, own) => (own ? `You have an appointment${practice === null ? '' : ` with ${practice}`}. To see it or change it, please enter your birth date.` : `Someone you care for has an appointment${practice === null ? '' : ` with ${practice}`}. To see it or change it, please enter the patient's birth date.`),
    legend: (own) => (own ? 'Your birth date' : "The patient's birth date"),
    hint: 'For example 3 27 1984. We ask so that nobody else can open this page.',
    fields: { month: 'Month', day: 'Day', year: 'Year' },
    wrongFields: { month: 'Enter the month as a number from 1 to 12.', day: 'Enter a day that the month has.', year: 'Enter the year with four digits.' },
    summary: 'There is a problem',
    open: 'Open',
    wrong: 'This is not the birth date that we have. Check it and try again, or call us.',
    locked: 'There were too many wrong birth dates. Please wait at least 15 minutes and try again, or call us.',
  },
  visit: {
    title: (own) => (own ? 'Your visit' : 'The visit'),
    when: 'When', where: 'Where', who: 'With', phone: 'Phone', preparation: 'How to prepare', change: 'What would you like to do?', byVideo: 'By video', byPhone: 'By phone',
    directions: 'Directions (map on openstreetmap.org)', calendar: 'Add to calendar',
    statusLabel: 'Status',
    status: { asked: 'Requested. The practice has not answered yet.', 'to-confirm': 'Booked. Please confirm that you will come.', confirmed: 'Confirmed. Thank you.', cancelled: 'Cancelled. To book another time, please call us.', begun: 'This visit can no longer be changed here.' },
    stale: 'Nothing was changed. The visit is no longer as you saw it, or this step is not possible now. This is how it stands:',
    moved: 'The visit has a new time.',
    callToChange: 'To change anything, please call us.',
    callToMove: 'To move it to another time, please call us.',
  },
  actions: { confirm: 'Confirm: I will come', move: 'Move to another time', cancel: 'Cancel the visit' },
  move: {
    title: 'Choose another time', lead: 'Your present time stays yours until you have chosen another and said yes.', none: 'There is no other time free at present. Please call us.',
    taken: 'That time is no longer free. Nothing was changed. These times are free now:', sure: 'Move the visit?', later: 'Later times', day: 'Or see the times from this day on', show: 'Show', from: 'From', to: 'To', yes: 'Yes, move it', provider: 'with',
  },
  cancel: { sure: 'Cancel the visit?', lead: 'Your time is then given to somebody else.', yes: 'Yes, cancel it' },
  offers: {
    title: (own) => (own ? 'A time came free for you' : 'A time came free for the patient'), lead: 'It is kept only as long as it says here. With a no, the place on the wait list stays as it is.', besides: 'The visit that is booked', service: 'For', heldUntil: 'Kept until',
    yes: 'Yes, take this time', no: 'No, thank you',
    givesUp: (later) => `With a yes, the later visit on ${later} is given up. This time takes its place.`,
    notices: {
      taken: 'The time is yours. The practice where it is sends a confirmation.',
      declined: 'All right. The place on the wait list is kept, and we tell you when another time comes free.',
      'yours-already': 'This time was taken with a yes already, so it is booked. To give it up, cancel that visit or call us.',
      gone: 'That time is no longer free: somebody else has it. Nothing was changed. You are still on the wait list, and we tell you when another time comes free.',
      late: 'That time was kept only until then, and the answer came later. Nothing was changed. You are still on the wait list, and we tell you when another time comes free.',
      'declined-already': 'That time was declined already. Nothing was changed. You are still on the wait list, and we tell you when another time comes free.',
      refused: 'That time cannot be booked now. Nothing was booked. You are still on the wait list, and we tell you when another time comes free. If you have questions, please call us.',
      'off-list': 'That time is no longer kept, and you are no longer on this wait list. Nothing was changed. If you still want an earlier time, please call us.',
      changed: 'The later visit that a yes gives up was changed meanwhile. Nothing was changed by your answer. Please look at the time below and answer again.',
    },
  },
  late: { free: (until) => `You can cancel or move it until ${until}. After that it is still possible, and the practice notes that it was late.`, counts: 'It is late: you can still do this, and the practice notes that it was late.' },
  mustMove: { status: 'Has to move to another time.', lead: 'This visit cannot take place at this time. Please choose another time, or call us.', proposed: 'Times that we suggest' },
  keep: 'No, keep it as it is',
  otherTimes: 'See other times',
  trouble: {
    unknown: { title: 'This link does not open a visit', text: 'Please check that you used the whole link.' },
    ended: { title: 'This link is no longer valid', text: 'Links end some time after the visit, or when something about them has changed.' },
    form: { title: 'Please open the link again', text: 'Nothing was changed. The page was open in another window, or for too long.' },
    closed: { title: 'The page was closed', text: 'Nothing was changed. To protect you, the page closes after 15 minutes. Open it again with the birth date.' },
    refused: { title: 'This is not possible now', text: 'Nothing was changed. Open the visit again to see how it stands, or call the practice.' },
    away: { title: 'One moment, please', text: 'Something that we need does not answer. Nothing was changed. Please try again in a few seconds.' },
    broken: { title: 'Something went wrong on our side', text: 'We do not know whether your last step was carried out. Open the link again to see how the visit stands.' },
  },
  callPractice: (practice) => (practice === null ? 'Or call:' : `Call ${practice}:`),
  callSender: 'Or call the practice that sent you the link.',
  back: 'Open the visit again',
  emergency: 'This page is not watched for emergencies: call 911.',
};

const es: Words = {
  language: 'Español',
  error: 'Error',
  ask: {
    title: 'Abra su cita',
    lead: (practice, own) => (own ? `Usted tiene una cita${practice === null ? '' : ` con ${practice}`}. Para verla o cambiarla, escriba su fecha de nacimiento.` : `Una persona a su cuidado tiene una cita${practice === null ? '' : ` con ${practice}`}. Para verla o cambiarla, escriba la fecha de nacimiento del paciente.`),
    legend: (own) => (own ? 'Su fecha de nacimiento' : 'Fecha de nacimiento del paciente'),
    hint: 'Por ejemplo 3 27 1984 (mes, día, año). La pedimos para que nadie más pueda abrir esta página.',
    fields: { month: 'Mes', day: 'Día', year: 'Año' },
    wrongFields: { month: 'Escriba el mes con un número del 1 al 12.', day: 'Escriba un día que exista en ese mes.', year: 'Escriba el año con cuatro cifras.' },
    summary: 'Hay un problema',
    open: 'Abrir',
    wrong: 'No es la fecha de nacimiento que tenemos. Revísela e inténtelo de nuevo, o llámenos.',
    locked: 'Hubo demasiadas fechas de nacimiento incorrectas. Espere al menos 15 minutos e inténtelo de nuevo, o llámenos.',
  },
  visit: {
    title: (own) => (own ? 'Su cita' : 'La cita'),
    when: 'Cuándo', where: 'Dónde', who: 'Con', phone: 'Teléfono', preparation: 'Cómo prepararse', change: '¿Qué desea hacer?', byVideo: 'Por video', byPhone: 'Por teléfono',
    directions: 'Cómo llegar (mapa en openstreetmap.org)', calendar: 'Agregar al calendario',
    statusLabel: 'Estado',
    status: { asked: 'Solicitada. El consultorio aún no ha respondido.', 'to-confirm': 'Reservada. Por favor, confirme que vendrá.', confirmed: 'Confirmada. Gracias.', cancelled: 'Cancelada. Para reservar otra hora, llámenos.', begun: 'Esta cita ya no se puede cambiar aquí.' },
    stale: 'No se cambió nada. La cita ya no está como usted la vio, o este paso no es posible ahora. Así está ahora:',
    moved: 'La cita tiene una nueva hora.',
    callToChange: 'Para cambiar algo, llámenos.',
    callToMove: 'Para cambiarla a otra hora, llámenos.',
  },
  actions: { confirm: 'Confirmar: vendré', move: 'Cambiar a otra hora', cancel: 'Cancelar la cita' },
  move: {
    title: 'Elija otra hora', lead: 'Su hora actual sigue siendo suya hasta que elija otra y diga que sí.', none: 'Por ahora no hay otra hora libre. Por favor, llámenos.',
    taken: 'Esa hora ya no está libre. No se cambió nada. Estas horas están libres ahora:', sure: '¿Cambiar la cita?', later: 'Horas más tarde', day: 'O vea las horas a partir de este día', show: 'Mostrar', from: 'De', to: 'A', yes: 'Sí, cambiarla', provider: 'con',
  },
  cancel: { sure: '¿Cancelar la cita?', lead: 'Su hora se dará entonces a otra persona.', yes: 'Sí, cancelarla' },
  offers: {
    title: (own) => (own ? 'Hay una hora libre para usted' : 'Hay una hora libre para el paciente'), lead: 'Se guarda solo hasta la hora que se indica. Si dice que no, conserva su lugar en la lista de espera.', besides: 'La cita que está reservada', service: 'Para', heldUntil: 'Se guarda hasta',
    yes: 'Sí, tomar esta hora', no: 'No, gracias',
    givesUp: (later) => `Si dice que sí, se deja la cita posterior del ${later}. Esta hora ocupa su lugar.`,
    notices: {
      taken: 'La hora es suya. El consultorio donde es le enviará una confirmación.',
      declined: 'De acuerdo. Conserva su lugar en la lista de espera y le avisamos cuando haya otra hora libre.',
      'yours-already': 'Esta hora ya se tomó con un sí, así que está reservada. Para dejarla, cancele esa cita o llámenos.',
      gone: 'Esa hora ya no está libre: la tiene otra persona. No se cambió nada. Sigue en la lista de espera y le avisamos cuando haya otra hora libre.',
      late: 'Esa hora se guardó solo hasta entonces, y la respuesta llegó después. No se cambió nada. Sigue en la lista de espera y le avisamos cuando haya otra hora libre.',
      'declined-already': 'Esa hora ya se había rechazado. No se cambió nada. Sigue en la lista de espera y le avisamos cuando haya otra hora libre.',
      refused: 'Esa hora no se puede reservar ahora. No se reservó nada. Sigue en la lista de espera y le avisamos cuando haya otra hora libre. Si tiene preguntas, llámenos.',
      'off-list': 'Esa hora ya no se guarda, y usted ya no está en esta lista de espera. No se cambió nada. Si aún quiere una hora más temprana, llámenos.',
      changed: 'La cita posterior que se deja con un sí cambió entretanto. Su respuesta no cambió nada. Mire la hora de abajo y responda otra vez.',
    },
  },
  late: { free: (until) => `Puede cancelarla o cambiarla hasta el ${until}. Después todavía es posible, y el consultorio anota que fue tarde.`, counts: 'Ya es tarde: todavía puede hacerlo, y el consultorio anota que fue tarde.' },
  mustMove: { status: 'Tiene que cambiar a otra hora.', lead: 'Esta cita no puede tener lugar a esta hora. Por favor, elija otra hora o llámenos.', proposed: 'Horas que le proponemos' },
  keep: 'No, dejarla como está',
  otherTimes: 'Ver otras horas',
  trouble: {
    unknown: { title: 'Este enlace no abre ninguna cita', text: 'Compruebe que usó el enlace completo.' },
    ended: { title: 'Este enlace ya no es válido', text: 'Los enlaces terminan un tiempo después de la cita, o cuando algo en ellos ha cambiado.' },
    form: { title: 'Abra el enlace de nuevo', text: 'No se cambió nada. La página estaba abierta en otra ventana, o durante demasiado tiempo.' },
    closed: { title: 'La página se cerró', text: 'No se cambió nada. Para protegerle, la página se cierra después de 15 minutos. Ábrala de nuevo con la fecha de nacimiento.' },
    refused: { title: 'Esto no es posible ahora', text: 'No se cambió nada. Abra la cita de nuevo para ver cómo está, o llame al consultorio.' },
    away: { title: 'Un momento, por favor', text: 'Algo que necesitamos no responde. No se cambió nada. Inténtelo de nuevo en unos segundos.' },
    broken: { title: 'Algo falló de nuestra parte', text: 'No sabemos si su último paso se realizó. Abra el enlace de nuevo para ver cómo está la cita.' },
  },
  callPractice: (practice) => (practice === null ? 'O llame al:' : `Llame a ${practice}:`),
  callSender: 'O llame al consultorio que le envió el enlace.',
  back: 'Abrir la cita de nuevo',
  emergency: 'Esta página no se vigila para emergencias: llame al 911.',
};

export const wordsOf: Readonly<Record<Language, Words>> = { en, es };
