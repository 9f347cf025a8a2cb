import { csvOf } from './csv';

describe('CSV of a measure', () => {
  it('has its columns in their order, quotes what must be, leaves hidden numbers empty and starts no formula', () => {
    expect(csvOf(['a', 'b', 'c'], [{ c: null, b: 'x, "y"\n', a: 1 }, { a: -2, b: '=1+1', c: false }])).toBe('a,b,c\r\n1,"x, ""y""\n",\r\n-2,\'=1+1,false\r\n');
    expect(csvOf(['a', 'b'], [])).toBe('a,b\r\n');
  });
});
