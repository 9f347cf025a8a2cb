import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Seal } from './seal';

const record = z.object({ subject: z.string() });
const soon = () => Date.now() / 1000 + 60;

describe('the seal of a cookie', () => {
  const [older, newer] = [randomBytes(32), randomBytes(32)];

  it('opens what it closed, also after the key was changed', async () => {
    const text = await new Seal([older]).close('session', { subject: 'ada' }, soon());
    expect(await new Seal([newer, older]).open('session', text, record)).toEqual({ subject: 'ada' });
    expect(await new Seal([newer]).open('session', text, record)).toBeNull();
  });
  it('opens nothing for another purpose, after its end, of another shape, or changed in one place', async () => {
    const seal = new Seal([newer]);
    const text = await seal.close('session', { subject: 'ada' }, soon());
    expect(await seal.open('sign-in', text, record)).toBeNull();
    expect(await seal.open('session', text, z.object({ other: z.string() }))).toBeNull();
    expect(await seal.open('session', await seal.close('session', { subject: 'ada' }, Date.now() / 1000 - 1), record)).toBeNull();
    const middle = text.length - 30;
    expect(await seal.open('session', text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1), record)).toBeNull();
    for (const nonsense of ['', 'a', 'a.b.c.d.e', '....']) expect(await seal.open('session', nonsense, record)).toBeNull();
  });
});
