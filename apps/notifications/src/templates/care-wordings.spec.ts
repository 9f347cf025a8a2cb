import { usualFacts } from './domain/sample-facts';
import { mailOf } from './mails';
import { textOf } from './texts';

const careTemplates = ['no-show-note', 'feedback-question', 'education', 'recall-due'] as const;
const page = 'https://slotmesh.example/a/one';

describe('what is said beyond a visit that is to come', () => {
  it.each(['en', 'es'] as const)('blames nobody, asks one question, and leads to the page or the phone, in language %s', (language) => {
    const facts = usualFacts(language);
    const linked = { ...facts, visits: facts.visits.map((visit) => ({ ...visit, page })) };
    for (const template of careTemplates) {
      for (const said of [textOf(template, facts, '7KQ2M'), mailOf(template, facts).text]) {
        expect({ template, said }).toEqual({ template, said: expect.not.stringMatching(/fail|fault|penalt|fee\b|culpa|multa|faltó/i) });
        expect(said).toContain('(617) 555-0100');
        expect(said).toContain('Harbor Family Medicine');
      }
      expect({ template, linked: textOf(template, linked, '7KQ2M').includes(page) }).toEqual({ template, linked: template === 'no-show-note' || template === 'education' });
    }
    expect(textOf('feedback-question', facts, '7KQ2M')).toMatch(language === 'en' ? /how was your visit .* Reply 1 to 5/ : /¿como fue su cita .* Responda de 1 a 5/);
    expect(mailOf('education', linked).html).toContain(`<a href="${page}">`);
  });

  it('speaks of a visit that is due without one', () => {
    const facts = { ...usualFacts('en'), visits: [] };
    expect(textOf('recall-due', facts, '7KQ2M')).toBe('Harbor Family Medicine: Maria, it is time to book a visit. To choose a time call (617) 555-0100. STOP ends texts. Ref 7KQ2M');
    expect(mailOf('recall-due', facts)).toMatchObject({ subject: 'Harbor Family Medicine: it is time to book a visit', text: expect.stringContaining('It is time to book your next visit.') });
    expect(mailOf('recall-due', facts).html).not.toContain('<table><tr><th');
  });
});
