import { choiceOf, queryOf } from './search-choice';

const NOW = Date.parse('2026-11-23T18:00:00.000Z');

describe('the choice of a search', () => {
  it('is read from the address, and what cannot be meant is left out', () => {
    expect(choiceOf(new URLSearchParams('service=echo&from=2026-12-01&days=30&practice=desert&partOfDay=morning'))).toEqual({ service: 'echo', from: '2026-12-01', days: 30, practice: 'desert', partOfDay: 'morning' });
    expect(choiceOf(new URLSearchParams('service=echo&from=tomorrow&days=9999&partOfDay=night&practice='))).toEqual({ service: 'echo', days: 14 });
    expect(choiceOf(new URLSearchParams('service=&from=2026-12-01'))).toBeNull();
  });
  it('never asks for time that is over', () => {
    expect(queryOf({ service: 'echo', from: '2026-11-01', days: 7 }, NOW, null).get('from')).toBe('2026-11-23T18:00:00.000Z');
    expect(queryOf({ service: 'echo', from: '2026-99-99', days: 7 }, NOW, null).get('from')).toBe('2026-11-23T18:00:00.000Z');
  });
  it('asks for whole days from the chosen one', () => {
    const query = queryOf({ service: 'echo', from: '2026-12-01', days: 7, practice: 'desert' }, NOW, 'next');
    expect(Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')).toBe(7 * 86_400_000);
    expect([query.get('practice'), query.get('cursor'), query.get('partOfDay')]).toEqual(['desert', 'next', null]);
  });
});
