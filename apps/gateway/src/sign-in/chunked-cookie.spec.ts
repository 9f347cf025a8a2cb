import { type Cookies, cookiesOf, readChunks, writeChunks } from './chunked-cookie';

const options = { path: '/', httpOnly: true } as const;
const pair = (line: string) => line.slice(0, line.indexOf(';'));
const asSent = (lines: string[]): Cookies => cookiesOf(lines.filter((line) => !line.includes('Max-Age=0')).map(pair).join('; '));

describe('a value over several cookies', () => {
  it.each([1, 3_600, 3_601, 9_000])('comes back whole at %i characters, and no cookie passes 4096 bytes', (length) => {
    const value = 'x'.repeat(length);
    const lines = writeChunks({}, 'session', value, options);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(4_096);
    expect(readChunks(asSent(lines), 'session')).toBe(value);
  });
  it('removes what a longer value left behind', () => {
    const present = asSent(writeChunks({}, 'session', 'x'.repeat(9_000), options));
    const lines = writeChunks(present, 'session', 'short', options);
    expect(lines.filter((line) => line.includes('Max-Age=0')).map((line) => line.split('=')[0])).toEqual(['session.1', 'session.2']);
    expect(writeChunks(present, 'session', '', options)).toHaveLength(3);
  });
  it('refuses a value that no server would take', () => {
    expect(() => writeChunks({}, 'session', 'x'.repeat(20_000), options)).toThrow('too large');
  });
  it('finds nothing where there is nothing', () => {
    expect(readChunks(cookiesOf(undefined), 'session')).toBeNull();
  });
});
