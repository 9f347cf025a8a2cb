/** What a patient's text asks for. `cancel-word` is the bare word CANCEL: an opt-out by rule, and a task for the desk because patients mean the visit. */
export type Meaning = { readonly kind: 'stop' | 'cancel-word' | 'start' | 'help' | 'confirm' | 'cancel' | 'move' | 'wrong-number' | 'other' } | { readonly kind: 'choice'; readonly number: number };

/** Lower case, no accents, marks and emoji as blanks, our own reference left out: what is left is words. */
export function wordsOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’‘`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\bref [a-z0-9]{5}\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const list = (words: string): ReadonlySet<string> => new Set(words.split('|'));

/** 47 CFR 64.1200(a)(10) names stop, quit, end, revoke, opt out, cancel, unsubscribe; carriers add STOPALL, OPTOUT; Spanish as patients write it. */
const STOP = list('stop|stopall|stop all|unsubscribe|end|quit|revoke|optout|opt out|remove|remove me|unsuscribe|unsubcribe|alto|parar|pare|paren|para|basta|no mas|baja|darme de baja|dar de baja|dame de baja|detener|detengan|detente|desuscribir|desuscribirme|stop por favor');
const CANCEL_WORD = list('cancel|cancelar|cancela|cancelen');
const START = list('start|unstop|opt in|optin|resume|iniciar|empezar|reanudar|comenzar');
const HELP = list('help|info|information|help me|ayuda|informacion|ayudame');
const CONFIRM = list('c|yes|y|si|confirm|confirmed|confirmo|confirmar|confirmado|confirmada|i confirm|yes confirm|yes i confirm|c yes|yes c|c confirm|c confirmed|confirm yes|yes i will be there|i will be there|ill be there|see you then|si confirmo|si voy|si ire|ahi estare|alli estare');
const CANCEL_VISIT = list('x|no|cancel visit|cancel appointment|cancel appt|cancelar cita|cancelar visita|x cancel|cancel x|no cancel|x no|no x');
const MOVE = list('r|move|reschedule|rebook|change|change time|another time|other time|new time|different time|cambiar|mover|reprogramar|otra hora|otra fecha|cambiar hora|cambiar fecha|cambiar cita|mover cita|reprogramar cita');
const MOVE_PHRASE = /^(?:(?:i |we )?(?:need|want|have|would like|like|can i|could i|can we|may i) (?:to )?)?(?:move|reschedule|change|rebook) (?:my|the|this|our|it)(?: (?:appointment|appt|visit|apt|time))?(?: please)?$|^(?:(?:quiero|necesito|deseo|quisiera|puedo|tengo que) )?(?:cambiar|mover|reprogramar) (?:mi|la|esta) (?:cita|visita|hora)$/;
/** Said of the phone, not of a person: "not me" alone may answer anything. */
const WRONG_NUMBER = /\bwrong (?:number|phone|person)\b|\b(?:this is not|this isnt|im not|i am not) (?:his|her|their|that persons?|the right) (?:number|phone|person)\b|\bnumero (?:equivocado|incorrecto)\b|\btelefono (?:equivocado|incorrecto)\b|\bno (?:es|soy) (?:el numero|la persona)\b|\b(?:se equivoco|equivocado) de (?:numero|telefono|persona)\b/;
const POLITE = /^(?:please|pls|plz|hi|hello|hola|por favor|porfavor)\s+|\s+(?:please|pls|and thanks|and thank you|thanks|thank you|thx|ty|gracias|por favor|porfavor|muchas gracias)$/g;

/** Plain language counts like the word itself ("any reasonable way"; CTIA 2023). Each pattern needs an object, so that "stop by" or "stop my pills" is none. */
const STOP_PHRASES: readonly RegExp[] = [
  /(?<!\b(?:not|didnt|dont|never|havent|cant) (?:\w+ )?)\bopt(?:ing|ed)? ?(?:me )?out\b/, /\bunsubscribe\b/, /\bstopall\b/,
  /(?<!\bshould i )\b(?:stop|quit|cease|end|cancel|no more|block)\b(?: (?:all|any|sending|sms|of|the|these|those|this|your|with|with the|me|getting|receiving|with these|with your))* (?:texts?|texting|txts?|messages?|messaging|sms|contacting|contact|notifications?|reminders?|alerts?|spam|spamming|bothering|writing|msgs?)\b/,
  /\b(?:stop|quit) (?:sending|texting|messaging|contacting|writing|bothering|spamming)\b/,
  /(?<!\b(?:you|they|we|i) (?:\w+ )?)\b(?:do not|dont|never|no longer) (?:ever )?(?:(?:text|message|contact|sms|write)(?: to)?(?: (?:me|us|this (?:number|phone)|my (?:number|phone|cell)|here|again|anymore|any more)\b|$)|send (?:(?:me|us|to me|any|more|any more|these|those|this|your|anymore|other) )*(?:texts?|messages?|sms|reminders?|msgs?|anything|nothing|anymore|any more)\b)/, /\b(?:do not|dont) want (?:to (?:get|receive) )?(?:any |more |any more |these |your |anymore )*(?:texts?|messages?|sms|reminders?|notifications?)\b/,
  /\b(?:take|remove|delete|get) (?:me|my (?:phone |cell )?number|this number|us) (?:off|from|out)\b(?! (?:of )?(?:the |your |this )?(?:wait|waiting|waitlist|schedule|visit|appointment|appt|calendar)\b)/, /\bremove (?:me|my (?:phone |cell )?number|this number)\b(?! (?:from|off) (?:the |your |this )?(?:wait|waiting|waitlist|schedule|visit|appointment|appt|calendar)\b)/, /\brevoke (?:my )?(?:consent|permission|authorization)\b/,
  /\bleave me alone\b/, /\blose (?:my|this) number\b/, /\bno more (?:texts?|messages?)\b/,
  /\bno me (?:\w+ )?(?:escriba[ns]?|escribas|mande[ns]?|envie[ns]?|contacte[ns]?|textee[ns]?|moleste[ns]?|manden mas)\b/, /\b(?:deje(?:n|s)?|deja|dejar|paren?|para|pare|basta) (?:ya )?(?:de|con) (?:mandar|enviar|escribir|contactar|molestar|textear|mensaj\w+|mandarme|enviarme|escribirme|los|sus|tus|estos|tantos)\b/,
  /\bno (?:quiero|deseo) (?:recibir )?(?:mas |sus |estos |tus |mas de )*(?:mensajes?|textos?|sms|recordatorios?|avisos?)\b/, /\b(?:quite(?:n|me|nme)?|elimine(?:n|me|nme)?|borre(?:n|me|nme)?|saque(?:n|me|nme)?)(?: me)? (?:de (?:la|su|esta) lista|mi numero|este numero)\b/,
  /\b(?:cancelar|cancelen|cancele) (?:la |mi |los |las |esta )?(?:suscripcion|mensajes|textos|recordatorios)\b/, /\bno mas (?:mensajes|textos|sms|recordatorios)\b/, /\b(?:darme|dame|denme|deme) de baja\b/, /\brevocar? (?:mi )?(?:consentimiento|permiso)\b/,
];
/** "Stop" first and little after it is meant as such, unless it goes on as another verb ("stop by", "stop at"). */
const STOP_FIRST = /^(?:stop|stopall|alto|basta|unsubscribe)(?: (?!by\b|at\b|in\b|over\b|off\b|taking\b|eating\b|drinking\b|using\b|and\b|for\b|my\b)\S+){0,4}$/;
const STOP_LAST = /^(?:\S+ ){0,3}(?:stop|stopall|unsubscribe)$/;
const NOT_STOP_LAST = /\b(?:bus|train|metro|subway|truck|rest|pit|t|last|first|next|the|nonstop|non|cant|cannot|wont|didnt|doesnt|not|when|i|to|should|help)\b/;
const CANCEL_PHRASE = /^(?:(?:i )?(?:need|want|have|would like|like) to )?cancel (?:my|the|this|our) (?:appointment|appt|visit|apt)(?: (?:please|today|tomorrow))?$|^(?:(?:quiero|necesito|deseo|tengo que) )?cancelar (?:mi|la|esta) (?:cita|visita)$/;

const YES_OR_NO = list('yes|y|si|no|n');

/** Whether it is an answer to a question that was just put, rather than a word about a visit ("C", "X", "cancel my appointment"). */
export const isYesOrNo = (text: string): boolean => YES_OR_NO.has([...new Set(wordsOf(text).replace(POLITE, '').split(' '))].join(' '));

/** A text of more words than one that only ends texts needs: it may say something else as well, and a person reads it. */
const WORDS_OF_A_STOP = 6;
export const saysMore = (text: string): boolean => wordsOf(text).split(' ').length > WORDS_OF_A_STOP;

/** Reads a text. Never guesses: what is not plainly one of these is `other` and goes to the inbox. */
export function meaningOf(text: string): Meaning {
  const full = wordsOf(text);
  let words = full;
  for (let shorter = words.replace(POLITE, ''); shorter !== words && shorter !== ''; shorter = words.replace(POLITE, '')) words = shorter;
  // Why: people repeat themselves ("STOP STOP STOP").
  const once = [...new Set(words.split(' '))].join(' ');
  if (STOP.has(words) || STOP.has(once)) return { kind: 'stop' };
  if (CANCEL_WORD.has(words) || CANCEL_WORD.has(once)) return { kind: 'cancel-word' };
  if (STOP_PHRASES.some((phrase) => phrase.test(full)) || STOP_FIRST.test(words) || (STOP_LAST.test(words) && !NOT_STOP_LAST.test(words))) return { kind: 'stop' };
  if (WRONG_NUMBER.test(full)) return { kind: 'wrong-number' };
  if (START.has(words)) return { kind: 'start' };
  if (HELP.has(words)) return { kind: 'help' };
  if (CONFIRM.has(words) || CONFIRM.has(once)) return { kind: 'confirm' };
  if (CANCEL_VISIT.has(words) || CANCEL_PHRASE.test(words)) return { kind: 'cancel' };
  if (MOVE.has(words) || MOVE_PHRASE.test(words)) return { kind: 'move' };
  const digit = /^(?:option |opcion |number |numero )?([1-9])$/.exec(words);
  return digit ? { kind: 'choice', number: Number(digit[1]) } : { kind: 'other' };
}
