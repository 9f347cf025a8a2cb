import { localDate, serviceCode, siteId } from '@slotmesh/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { fieldErrorsOf, sentenceOf } from './field-errors';
import { nearestName } from './nearest-name';
import { speakInPlainWords } from './plain-words';

describe('what is said of a request that a schema refuses', () => {
  beforeAll(speakInPlainWords);
  afterAll(() => void z.config(z.locales.en()));
  const said = (schema: z.ZodType, value: unknown): string => {
    const { error } = schema.safeParse(value);
    if (!error) throw new Error('it was taken');
    return sentenceOf(fieldErrorsOf(error)).replace('Please correct: ', '');
  };
  const period = z.strictObject({ from: localDate, to: localDate, service: serviceCode.optional(), horizonDays: z.coerce.number().int().min(1).max(84).default(28) });

  it('says of every field what to give, also where nothing was given', () => {
    expect(said(period, {})).toBe('from is missing: give a date, such as 2026-11-23; to is missing: give a date, such as 2026-11-23');
    expect(said(period, { from: '2026-02-30', to: '2026-03-01' })).toBe('from must be a date, such as 2026-11-23');
    expect(said(period, { from: '2026-03-01', to: '2026-03-01', horizonDays: '-3', service: 'Skin Check' })).toBe('service must be lower-case letters, digits and hyphens, 63 at most; horizonDays must be at least 1');
    expect(said(period, { from: '2026-03-01', to: '2026-03-01', horizonDays: 'many' })).toBe('horizonDays must be a number');
    expect(said(period, { from: '2026-03-01', to: '2026-03-01', horizonDays: '1.5' })).toBe('horizonDays must be a whole number');
    expect(said(z.object({ id: siteId }), { id: '7' })).toMatch(/^id must be an id \(a UUID, such as /);
    expect(said(z.object({ id: siteId }), {})).toMatch(/^id is missing: give an id \(a UUID, such as /);
    expect(said(z.object({ by: z.enum(['day', 'week']) }), {})).toBe('by is missing: give one of day, week');
    expect(said(z.object({ by: z.enum(['day', 'week']) }), { by: 'year' })).toBe('by must be one of day, week');
    expect(said(z.object({ names: z.array(z.string()).max(2) }), { names: ['', 'a', 'b'] })).toBe('names must have at most 2 entries');
    expect(said(z.object({ yes: z.literal(true) }), [])).toBe('the request must be an object with named fields');
  });

  it('names a field that is not known, and the one that was probably meant', () => {
    expect(said(period, { from: '2026-03-01', to: '2026-03-01', servcie: 'echo', foo: 1 })).toBe('servcie is not known here; did you mean service?; foo is not known here: known are from, to, service, horizonDays');
    expect([nearestName('horizon', ['service', 'horizonDays']), nearestName('horizon_days', ['service', 'horizonDays']), nearestName('FROM', ['from', 'to']), nearestName('foo', ['from', 'to']), nearestName('x'.repeat(100_000), ['from'])]).toEqual(['horizonDays', 'horizonDays', 'from', null, null]);
    fc.assert(fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.string(), (known, given) => {
      const nearest = nearestName(given, known);
      expect(nearest === null || known.includes(nearest)).toBe(true);
    }));
  });

  it('speaks of the form that was nearly met where there are several', () => {
    const schema = z.union([z.strictObject({ csv: z.string().min(1), share: z.number() }), z.string()]);
    expect(said(schema, { csv: 'a' })).toBe('share is missing: give a number');
    expect(said(schema, 7)).toBe('the request must be an object with named fields, or text');
    expect(said(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]), { kind: 'c' })).toBe('kind must be one of a, b');
  });

  it('keeps the words that a schema has of its own', () => {
    expect(said(z.object({ to: z.string('give one value') }), { to: ['a', 'b'] })).toBe('to give one value');
  });
});
