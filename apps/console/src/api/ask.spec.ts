import { csrfToken } from './ask';

describe('the CSRF token', () => {
  it('is found among other cookies, with and without the https prefix', () => {
    expect(csrfToken('a=b; slotmesh-csrf=abc; c=d')).toBe('abc');
    expect(csrfToken('__Host-slotmesh-csrf=abc')).toBe('abc');
  });
  it('is empty where there is none, also beside a name that only ends alike', () => {
    expect(csrfToken('')).toBe('');
    expect(csrfToken('x-slotmesh-csrf=planted')).toBe('');
  });
});
