import { patientId } from '@slotmesh/contracts';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { armOf } from './allocation';

const seed = 'c2xvdG1lc2gtZXhwZXJpbWVudC1zZWVkLW9mLTMyLWJ5dGVz';
const arms = [{ key: 'control', weight: 2 }, { key: 'early', weight: 1 }, { key: 'more', weight: 1 }];
const idOf = (n: number) => {
  const hex = createHash('md5').update(String(n)).digest('hex');
  return patientId.parse(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`);
};
const uuids = fc.integer({ min: 0, max: 1_000_000 }).map(idOf);
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'));

describe('the arm of a patient', () => {
  it('P20: falls by the weights, also among patients who share an arm of another experiment (chi-square, p > 0.001)', () => {
    const patients = Array.from({ length: 20_000 }, (_, n) => idOf(n));
    const elsewhere = patients.filter((patient) => armOf('b3RoZXItc2VlZC1vZi1hbm90aGVyLWV4cGVyaW1lbnQ', arms, patient).key === 'early');
    for (const group of [patients, elsewhere]) {
      const chi = arms.reduce((sum, { key, weight }) => {
        const expected = (group.length * weight) / 4;
        return sum + (group.filter((patient) => armOf(seed, arms, patient).key === key).length - expected) ** 2 / expected;
      }, 0);
      // The 99.9 % point of chi-square with two degrees of freedom.
      expect(chi).toBeLessThan(13.816);
    }
  });

  it('P20: is the same at every time and in every order, whoever else takes part, and depends on the id and the seed alone', () => {
    fc.assert(fc.property(seeds, fc.uniqueArray(uuids, { minLength: 2, maxLength: 20 }), (anySeed, patients) => {
      const there = new Map(patients.map((patient) => [patient, armOf(anySeed, arms, patient).key]));
      for (const patient of [...patients].reverse()) expect(armOf(anySeed, arms, patient).key).toBe(there.get(patient));
    }));
  });

  it('differs by seed', () => {
    const patients = Array.from({ length: 200 }, (_, n) => idOf(n));
    const of = (chosen: string) => patients.map((patient) => armOf(chosen, arms, patient).key).join();
    fc.assert(fc.property(fc.uniqueArray(seeds, { minLength: 2, maxLength: 2 }), ([one, other]) => expect(of(one!)).not.toBe(of(other!))), { numRuns: 20 });
  });
});
