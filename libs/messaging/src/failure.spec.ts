import { DomainError } from '@slotmesh/kernel';
import { z } from 'zod';
import { reasonOf } from './failure';

describe('the reason of a parked event', () => {
  it('P24: quotes no value of SQL or parsers', () => {
    expect(reasonOf(Object.assign(new Error('duplicate key value (Maria)'), { code: '23505', table: 'effect', constraint: 'effect_key' }))).toBe('SQLSTATE 23505 on effect by effect_key');
    expect(reasonOf(z.object({ n: z.int() }).safeParse({ n: 'Maria' }).error)).toBe('contract: n invalid_type');
  });
  it('keeps code and sentence of a rule', () => {
    expect(reasonOf(new DomainError('not-found', 'site-unknown', 'The site has not come yet.'))).toBe('site-unknown: The site has not come yet.');
    expect(reasonOf(new TypeError('x is not a function'))).toBe('TypeError: x is not a function');
    expect(reasonOf('text')).toBe('threw something that is no error');
  });
});
