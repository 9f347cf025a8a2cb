import fc from 'fast-check';
import { builtIn } from '../built-in';
import { templateNames } from '../template-names';
import { type Draft, lint } from './lint';
import { readingLevelOf, syllablesOfEnglish, syllablesOfSpanish } from './reading-level';
import { reasonsIn } from './reasons-for-visit';

const reminder = (source: string, over: Partial<Draft> = {}): Draft => ({ name: 'visit-reminder', language: 'en', channel: 'sms', source, subject: null, ...over });
const GOOD = '{% if practice.name %}{{ practice.name }}: {% endif %}See you {{ timesAndPlaces }}. C to confirm, X to cancel, or call {{ practice.phone }}. STOP ends texts.';
const codes = (draft: Draft, severity?: 'refuse' | 'warn'): string[] => lint(draft).filter((each) => severity === undefined || each.severity === severity).map(({ code }) => code);

describe('the lint of a wording', () => {
  it.each(['en', 'es'] as const)('refuses none of the network in language %s, on any channel', (language) => {
    const refused = templateNames.flatMap((name) => (['sms', 'email'] as const).flatMap((channel) => {
      const known = builtIn(name, language, channel);
      return known === null ? [] : lint({ name, language, channel, ...known }).filter(({ severity }) => severity === 'refuse').map(({ code, detail }) => ({ name, channel, code, detail }));
    }));
    expect(refused).toEqual([]);
  });

  it('finds nothing in a good one, and everything at once in a bad one, each as a sentence', () => {
    expect(lint(reminder(GOOD))).toEqual([]);
    const bad = lint(reminder(`Your HIV test result 🎉: ${'very '.repeat(120)} http://bit.example/x {{ service.name }}`));
    expect(bad.map(({ code }) => code).sort()).toEqual(['emoji', 'link', 'reason-for-visit', 'unknown-variable']);
    for (const { detail, pointer } of bad) expect({ pointer, detail }).toEqual({ pointer: '/source', detail: expect.stringMatching(/^[A-Z].*\.$/s) });
  });

  it('names a variable that does not exist, in a branch that no sample opens too, and none that inherits from JavaScript', () => {
    for (const path of ['visit.when', 'visitType', 'patient.birthDate', 'practice.constructor', 'visits[0].reason', 'practice[patient.name]']) expect({ path, codes: codes(reminder(`${GOOD}{% if cancelled %}{% if practice.name == 'x' %}{{ ${path} }}{% endif %}{% endif %}`)) }).toEqual({ path, codes: expect.arrayContaining(['unknown-variable']) });
    expect(codes(reminder(`${GOOD}{% for visit in visits %}{{ visit.reason }}{% endfor %}`), 'refuse')).toEqual(['unknown-variable']);
    expect(codes(reminder(`${GOOD}{% for visit in visits %}{% unless forloop.last %} {{ visit.when }}{% endunless %}{% endfor %}`), 'refuse')).toEqual([]);
  });

  it('tells what cannot be read, with its line, and knows neither files nor other tags nor filters', () => {
    for (const broken of ['{% if cancelled %}', '{{ practice.name', '{% include "x" %}', '{% assign a = 1 %}', '{{ practice.name | upcase }}', '{% render "x" %}', '{% for i in (1..99999) %}{% for k in (1..99999) %}a{% endfor %}{% endfor %}']) expect({ broken, found: lint(reminder(GOOD + broken)).map(({ code }) => code) }).toEqual({ broken, found: ['syntax'] });
  });

  it('demands practice, phone and STOP in every branch', () => {
    expect(codes(reminder('See you {{ times }}.'), 'refuse')).toEqual(['practice-name', 'practice-phone', 'stop']);
    expect(codes(reminder(`${GOOD.replace('{{ practice.phone }}', '{% if patient.name %}{{ practice.phone }}{% endif %}')}`), 'refuse')).toEqual(['practice-phone']);
    expect(codes(reminder(GOOD.replace(' STOP ends texts.', '{% unless cancelIsLate %} STOP ends texts.{% endunless %}')), 'refuse')).toEqual(['stop']);
  });

  it('warns of a third segment and refuses a fourth, by the longest names', () => {
    expect(codes(reminder(`${GOOD}${' and more of it'.repeat(12)}`))).toEqual(expect.arrayContaining(['segments']));
    expect(codes(reminder(`${GOOD}${' and more of it'.repeat(12)}`), 'refuse')).toEqual([]);
    expect(codes(reminder(`${GOOD}${' and more of it'.repeat(24)}`), 'refuse')).toEqual(['segments']);
  });

  it('warns where the visits of three children together take a fourth segment', () => {
    const each = '{% for visit in visits %} {{ visit.when }} at {{ visit.where }} with {{ visit.provider }}, please bring the insurance card and come some minutes early.{% endfor %}';
    expect(codes(reminder(`${GOOD}${each}`))).toContain('segments-together');
    expect(codes(reminder(GOOD))).not.toContain('segments-together');
  });

  it('names the characters that nobody sees, which newer formatters put in', () => {
    const found = lint(reminder(GOOD.replace('See you', 'See\u202fyou\u00a0at\u200b\u2066')));
    expect(found).toEqual([expect.objectContaining({ severity: 'warn', code: 'invisible-characters', detail: expect.stringContaining('U+00A0, U+200B, U+202F, U+2066') })]);
  });

  it('says what is hard to read in either language', () => {
    expect(readingLevelOf('Please call us. We can help you.', 'en').easy).toBe(true);
    expect(readingLevelOf('Notwithstanding administrative considerations, anticipatory rescheduling necessitates immediate telephonic communication with organizational representatives.', 'en').easy).toBe(false);
    expect(readingLevelOf('Llame hoy. Le damos otra hora.', 'es').easy).toBe(true);
    expect(readingLevelOf('La reprogramación anticipada correspondiente requiere inmediatamente comunicación telefónica institucional con representantes administrativos responsables.', 'es').easy).toBe(false);
    expect(['visit', 'please', 'cancelled', 'time', 'confirm', 'another'].map(syllablesOfEnglish)).toEqual([2, 1, 2, 1, 2, 3]);
    expect(['cita', 'reservada', 'quiere', 'ahora', 'día', 'también', 'leer', 'hay', 'guía'].map(syllablesOfSpanish)).toEqual([2, 4, 2, 3, 2, 2, 2, 1, 2]);
  });

  it.each(['Your pregnancy visit', 'oncology', 'Resultados de laboratorio', 'su análisis', 'VIH', 'mental  health', 'Su vacunación', 'Behavioral Health'])('sees a reason for the visit in "%s"', (text) => expect(reasonsIn(text)).not.toEqual([]));
  it.each(['Please call to confirm your visit', 'Su cita está reservada', 'We missed you', 'Considerar otra hora', 'distance'])('sees none in "%s"', (text) => expect(reasonsIn(text)).toEqual([]));

  it('never throws, whatever is written', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('{{', '}}', '{%', '%}', ' if ', 'endif', ' for visit in visits ', 'endfor', 'practice.name', 'visit.when', ' | capital', '{{ times }}', '(1..999999999)'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => Array.isArray(lint(reminder(pieces.join(''))))), { numRuns: 100 });
  });
});
