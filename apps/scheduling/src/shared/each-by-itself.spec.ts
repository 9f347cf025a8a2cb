import { eachByItself } from './each-by-itself';

describe('work for many, each by itself', () => {
  it('goes on behind one that fails, and tells of it at the end', async () => {
    const done: number[] = [];
    const work = async (n: number): Promise<void> => { if (n % 2 === 0) throw new Error(`no ${n}`); done.push(n); };
    await expect(eachByItself([1, 2, 3, 4, 5], work)).rejects.toThrow('no 2');
    expect(done).toEqual([1, 3, 5]);
  });

  it('ends at once where the database is away, because the others would fail as well', async () => {
    const done: number[] = [];
    const work = async (n: number): Promise<void> => { if (n === 2) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }); done.push(n); };
    await expect(eachByItself([1, 2, 3], work)).rejects.toThrow('refused');
    expect(done).toEqual([1]);
  });
});
