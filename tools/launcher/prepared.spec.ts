import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepared } from './prepared.mjs';

describe('prepared', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'slotmesh-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is done once the same build noted it, and not for another build', () => {
    expect(prepared(folder, 'one', true).done).toBe(false);
    prepared(folder, 'one', true).note();
    expect(prepared(folder, 'one', true).done).toBe(true);
    expect(prepared(folder, 'two', true).done).toBe(false);
  });

  it("is never done for somebody else's database", () => {
    prepared(folder, 'one', false).note();
    expect(prepared(folder, 'one', true).done).toBe(false);
    prepared(folder, 'one', true).note();
    expect(prepared(folder, 'one', false).done).toBe(false);
  });
});
