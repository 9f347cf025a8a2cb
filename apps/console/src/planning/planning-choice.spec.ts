import { planningChoiceOf, planningPath } from './planning-choice';

describe('the choice of the planning page', () => {
  it('is read from the address, and what cannot be meant is left out', () => {
    expect(planningChoiceOf(new URLSearchParams('period=months&service=echo&compare=no-show&compareService=skin-check'))).toEqual({ period: 'months', service: 'echo', compare: 'no-show', compareService: 'skin-check' });
    expect(planningChoiceOf(new URLSearchParams('period=years&service=../x&compare='))).toEqual({ period: 'weeks', service: undefined, compare: 'third-next-available' });
  });
  it('keeps in the address what one form does not change, and drops what was emptied', () => {
    const before = planningChoiceOf(new URLSearchParams('period=months&service=echo&compare=no-show'));
    expect(planningPath(before, { period: 'weeks', service: '' })).toBe('/console/planning?period=weeks&compare=no-show');
  });
});
