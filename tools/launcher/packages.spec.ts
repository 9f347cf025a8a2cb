import { nodeIsNewEnough } from './check-node.mjs';
import { fits } from './packages.mjs';

describe('fits', () => {
  const wanted = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-win32': { version: '2.0.0', optional: true } } };

  it('accepts what npm installed, without the packages of other systems', () => {
    expect(fits(wanted, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  it('refuses nothing, a missing package and another version', () => {
    expect(fits(wanted, undefined)).toBe(false);
    expect(fits(wanted, { packages: {} })).toBe(false);
    expect(fits(wanted, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
  });
});

describe('nodeIsNewEnough', () => {
  it('compares numbers, not letters', () => {
    expect(['20.19.0', '20.20.2', '22.1.0', '100.0.0'].every((found) => nodeIsNewEnough(found, '>=20.19'))).toBe(true);
    expect(['20.9.0', '18.20.0', '9.99.0'].some((found) => nodeIsNewEnough(found, '>=20.19'))).toBe(false);
  });
});
