import fc from 'fast-check';
import { returnPath } from './return-path';

describe('the way back after signing in', () => {
  it('keeps paths of this address', () => {
    for (const path of ['/console/', '/console/search?service=echo&from=2026-11-23', '/docs', '/sandbox#phones']) expect(returnPath(path)).toBe(path);
  });
  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', '/..//evil.example', 'javascript:alert(1)', '', undefined, 7, ['/console/'], '/auth/login', '/x/../auth/logout'])('leads %p to the console', (wanted) => {
    expect(returnPath(wanted)).toBe('/console/');
  });
  it('never leads to another host', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string().map((text) => `/${text}`), fc.string().map((text) => `//${text}`)), (wanted) => new URL(returnPath(wanted), 'http://here.example').host === 'here.example'));
  });
});
