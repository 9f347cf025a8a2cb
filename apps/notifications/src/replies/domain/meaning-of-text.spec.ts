import fc from 'fast-check';
import { meaningOf, saysMore } from './meaning-of-text';

const kinds = (texts: readonly string[]) => texts.map((text) => `${text} -> ${meaningOf(text).kind}`);
const all = (texts: readonly string[], kind: string) => expect(kinds(texts)).toEqual(texts.map((text) => `${text} -> ${kind}`));

describe('the meaning of a patient text', () => {
  it('P17: takes every word that the rules and the carriers name as STOP', () => {
    all(['STOP', 'stop', 'Stop.', 'STOP!!!', '"STOP"', 'STOPALL', 'Stop all', 'UNSUBSCRIBE', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT', 'Opt-out', 'opt out please', ' stop \n', 'STOP STOP STOP', 'Stop 🛑', 'STOP Ref 7KQ2M'], 'stop');
  });

  it('P17: takes plain language in English as STOP', () => {
    all(['please stop texting me', 'Stop sending me these messages', 'STOP MESSAGING ME', "don't text me", 'Don’t text me anymore', 'do not contact me again', 'take me off your list', 'remove my number please', 'no more texts', 'I want to opt out of these', 'please unsubscribe me', 'leave me alone', 'I revoke my consent', 'stop the texts', 'stop these reminders', 'I dont want any more messages', 'Please stop', 'plz just stop', 'stop please and thank you', 'quit texting me', 'cancel these messages'], 'stop');
  });

  it('P17: takes Spanish as STOP', () => {
    all(['ALTO', 'Parar', 'PARE', 'basta', '¡Basta!', 'no más', 'no mas mensajes', 'No me escriban', 'no me manden mensajes', 'no me envíen más mensajes', 'dejen de escribirme', 'deja de mandarme mensajes', 'no quiero recibir mensajes', 'no quiero más mensajes', 'darme de baja', 'quítenme de la lista', 'cancelar la suscripción', 'baja', 'detener', 'Alto por favor'], 'stop');
  });

  it('P17: whatever marks, case and blanks surround STOP, it is STOP', () => {
    const noise = fc.string({ unit: fc.constantFrom(' ', '.', '!', '\n', '-', '"', '\u00a0', '…', '🙏'), maxLength: 6 });
    const cased = fc.constantFrom('stop', 'unsubscribe', 'quit', 'end', 'revoke', 'optout', 'opt out', 'stopall').chain((word) => fc.array(fc.boolean(), { minLength: word.length, maxLength: word.length }).map((up) => [...word].map((c, i) => (up[i] ? c.toUpperCase() : c)).join('')));
    fc.assert(fc.property(noise, cased, noise, (before, word, after) => meaningOf(before + word + after).kind === 'stop'));
  });

  it('does not take a question about something else as STOP', () => {
    all(['Can I stop by at 9?', "I'll stop by tomorrow", 'should I stop taking my medicine before the visit', 'Is there a bus stop?', 'stop taking aspirin?', 'stop by', 'where does the weekend parking end', 'I quit smoking', 'at the end of the day', 'para cuando es mi cita?', 'Is my visit cancelled?', 'I cannot stop coughing'], 'other');
  });

  it('does not take other wishes for STOP, however much their words are like one', () => {
    all(['Please do not send the bill to my old address, we moved to 12 Oak St', "Please don't send my records to Dr. Lee", 'You never send me the results of my blood test', 'Please take me off the waiting list, I found another time', 'Please remove me from the wait list for Thursday',
      'Please do not contact my ex husband about my visit', 'I did not opt out, why no reminders?', "I didn't opt out of anything. I need to know if my visit is on", 'should I stop the messages about lisinopril', 'Please help me stop', 'you never text me back', 'take me off the schedule for Monday'], 'other');
    all(['do not text me', 'Please do not write to me', "don't send me anything", 'never text me again', 'please don’t contact us anymore', 'do not send any more reminders', 'remove me', 'take me off', 'get me off this list', 'I am opting out'], 'stop');
  });

  it('has a person read what may say more than STOP', () => {
    expect(['STOP', 'please stop texting me', 'stop, and tell Dr. Lee that my knee is worse today'].map(saysMore)).toEqual([false, false, true]);
  });

  it('keeps the bare word CANCEL apart: an opt-out by rule and a task for the desk', () => {
    all(['CANCEL', 'cancel.', 'Cancel please', 'CANCELAR', 'cancela'], 'cancel-word');
    all(['cancel my appointment', 'Please cancel my appointment', 'I need to cancel my appointment', 'cancel visit', 'quiero cancelar mi cita', 'X', 'x.', 'NO', 'No!'], 'cancel');
  });

  it('reads confirmations only where they are plain', () => {
    all(['C', 'c', 'C.', 'Yes', 'YES!', 'yes please', 'Sí', 'si', 'SI gracias', 'Confirm', 'CONFIRMAR', 'confirmo', 'Yes, I confirm', 'c thanks', '“C”', 'C Ref 7KQ2M'], 'confirm');
    all(['yes but later', 'yes or no?', 'can I come at 10?', 'ok', 'no thanks, can we move it', 'C?d', 'I will be late', 'who is this', '', '👍'], 'other');
  });

  it('knows START, HELP and a number, and YES is never START', () => {
    all(['START', 'unstop', 'Start!', 'opt in'], 'start');
    all(['HELP', 'Info', 'ayuda', 'HELP ME'], 'help');
    expect(meaningOf('2')).toEqual({ kind: 'choice', number: 2 });
    expect(meaningOf(' 1. ')).toEqual({ kind: 'choice', number: 1 });
    expect(meaningOf('12').kind).toBe('other');
  });

  it('reads any text without failing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => typeof meaningOf(text).kind === 'string'));
  });
});

describe('a text about another time, or from somebody else', () => {
  it.each(['R', 'r', 'Reschedule please', 'I need to move my appointment', 'can I change my visit', 'reprogramar', 'Quiero cambiar mi cita', 'otra hora por favor'])('takes "%s" for the wish to move the visit', (text) => {
    expect(meaningOf(text).kind).toBe('move');
  });
  it.each(['Wrong number', 'sorry, you have the wrong number!', 'wrong person', 'This is not his number', 'Número equivocado', 'se equivocó de número'])('takes "%s" for a wrong number', (text) => {
    expect(meaningOf(text).kind).toBe('wrong-number');
  });
  it.each(['my address has changed', 'I moved to Boston', 'the time is wrong', 'not me'])('guesses nothing of "%s"', (text) => {
    expect(meaningOf(text).kind).toBe('other');
  });
  it('P17: a STOP beside a wrong number is a STOP', () => {
    expect(meaningOf('wrong number, stop texting me').kind).toBe('stop');
  });
});
