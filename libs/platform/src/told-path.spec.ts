import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { toldPath } from './told-path';

describe('the path that an answer tells', () => {
  it('is the path that was asked, without its query', () => {
    expect(toldPath('/api/scheduling/v1/patients/019b0000-0000-7000-8000-000000000000?name=Farraday')).toBe('/api/scheduling/v1/patients/019b0000-0000-7000-8000-000000000000');
    expect(toldPath('/a/page.css')).toBe('/a/{token}');
  });

  it("P24: never holds the token of a patient's page, however the address is bent around it", () => {
    const token = fc.constantFrom(55, 71).map((bytes) => randomBytes(bytes).toString('base64url'));
    const before = fc.constantFrom('/a/', '//a/', '/A/', '/%61/', '/x/a/', '/', '/api/scheduling/v1/');
    const behind = fc.constantFrom('', '/', '/nothing', '/%zz', '/offers/1/accept?lang=es', '?lang=es', '#top');
    fc.assert(fc.property(before, token, behind, (start, key, end) => !toldPath(start + key + end).includes(key)));
  });
});
