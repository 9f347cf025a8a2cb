import { describeOperations, summaryOf } from './describe-operations.mjs';

const route = { operation: 'Holds.place', place: 'holds.controller.ts:7', docstring: 'Keeps an opening. 409 taken.', inputs: [{ in: 'header' as const, name: 'idempotency-key', required: false }] };
const document = (operation: object) => ({ paths: { '/holds': { post: { operationId: 'Holds.place', ...operation } } } });

describe('describeOperations', () => {
  it('says what the docstring says and which headers are taken', () => {
    expect(describeOperations(document({ parameters: [{ in: 'query', name: 'q' }] }), [route]).paths['/holds'].post).toMatchObject({
      summary: 'Keeps an opening', description: '409 taken.', parameters: [{ name: 'q' }, { in: 'header', name: 'idempotency-key', required: false, schema: { type: 'string' } }],
    });
  });

  it('names the route that has no docstring', () => {
    expect(() => describeOperations(document({}), [{ ...route, docstring: null }])).toThrow('POST /holds (Holds.place) has no docstring at holds.controller.ts:7.');
  });

  it('refuses two routes of one name, whose docstrings could be mixed up', () => {
    expect(() => describeOperations(document({}), [route, { ...route, place: 'other.controller.ts:1' }])).toThrow('Holds.place is two routes');
  });

  it.each([
    ['One sentence', 'One sentence', ''],
    ['The first. `from` is next.', 'The first', '`from` is next.'],
    ['A code, such as es. 404: none.', 'A code, such as es', '404: none.'],
    ['Version 1.5 of it, i.e. no end', 'Version 1.5 of it, i.e. no end', ''],
  ])('takes the first sentence of "%s" as the summary', (docstring, summary, description) => {
    expect(summaryOf(docstring)).toEqual({ summary, description });
  });
});
