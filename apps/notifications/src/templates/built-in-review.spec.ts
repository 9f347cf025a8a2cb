import { builtInReviewer, languageOfBuiltIn } from './built-in-review';

describe("the network's own translations", () => {
  it('are shown to patients once a person has vouched for them by name, and before that only where they are tried out', () => {
    expect(languageOfBuiltIn('es', { MODE: 'production' })).toBe('en');
    expect(languageOfBuiltIn('es', { MODE: 'production', TEMPLATES_ES_REVIEWED_BY: 'Ruth Vidal' })).toBe('es');
    expect(languageOfBuiltIn('es', { MODE: 'sandbox' })).toBe('es');
    expect([builtInReviewer('es', { MODE: 'sandbox' }), builtInReviewer('es', { MODE: 'production', TEMPLATES_ES_REVIEWED_BY: 'Ruth Vidal' })]).toEqual([null, 'Ruth Vidal']);
    expect(languageOfBuiltIn('en', { MODE: 'production' })).toBe('en');
  });
});
