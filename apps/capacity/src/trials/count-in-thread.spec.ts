import { CountInThread } from './count-in-thread';
import { countedFile } from './domain/counted-file';

const line = (n: number): string => `Zoë ${n},2025-01-${String(7 + (n % 20)).padStart(2, '0')},2025-01-06,attended`;
const file = Buffer.from(['name,start,booked,status', ...Array.from({ length: 20_000 }, (_, n) => line(n))].join('\n'), 'latin1');

describe('a file of visits that is counted in a thread', () => {
  it('says the same as here, while this thread goes on with its work', async () => {
    let turns = 0;
    const ticking = setInterval(() => { turns++; }, 5);
    const counted = await new CountInThread().of('summit', { file, mapping: {} });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
    expect(counted).toEqual(countedFile({ file, mapping: {} }));
    expect(counted).toMatchObject({ encoding: 'windows-1252', rows: 20_000, kept: 20_000 });
  });

  it('is refused by the same problem as here', async () => {
    await expect(new CountInThread().of('summit', { file: 'name\nJane Doe', mapping: {} })).rejects.toMatchObject({ kind: 'unprocessable', code: 'column-missing', details: { role: 'start' } });
  });
});
