import { Limiter } from './limiter';

describe('the limiter', () => {
  it('lets no more than its width run at once, and everything in the end', async () => {
    const limiter = new Limiter(3);
    let running = 0;
    let most = 0;
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        limiter.run(async () => {
          most = Math.max(most, ++running);
          await new Promise(setImmediate);
          running--;
          return index;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(results).toHaveLength(50);
  });
  it('goes on after a failure', async () => {
    const limiter = new Limiter(1);
    await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(limiter.run(async () => 1)).resolves.toBe(1);
  });
});
