import fc from 'fast-check';
import { readReturnedMail } from './returned-mail';
import { complaint, notification, outOfOffice } from './sample-mails';

const attempt = '0197f2b4-0000-7000-8000-000000000001';
const to = `bounce+${attempt}@bounces.slotmesh.example`;
const what = async (mail: string) => (await readReturnedMail(Buffer.from(mail))).what;

describe('a mail that came back', () => {
  it.each([['5.1.1', 'dead'], ['5.0.0', 'dead'], ['5.2.1', 'dead'], ['5.1.10', 'dead'], ['5.4.1', 'dead'], ['5.2.2', 'full'], ['4.2.2', 'full'], ['4.4.7', 'full'], ['5.7.1', 'declined'], ['5.7.26', 'declined'], ['5.3.4', 'declined'], ['5.6.0', 'declined']])('reads status %s as %s (RFC 3463)', async (status, bounce) => {
    expect(await readReturnedMail(Buffer.from(notification({ to, recipient: 'a@patients.example', status })))).toEqual({ what: { kind: 'bounce', bounce, status }, attempt, message: null });
  });

  it('finds nothing in what only tells of a delay, of success, or of a holiday', async () => {
    for (const action of ['delayed', 'relayed', 'delivered', 'expanded']) expect(await what(notification({ to, recipient: 'a@patients.example', status: '4.4.1', action }))).toEqual({ kind: 'other' });
    expect(await what(notification({ to, recipient: 'a@patients.example', status: '2.0.0' }))).toEqual({ kind: 'other' });
    expect(await what(outOfOffice({ to }))).toEqual({ kind: 'other' });
  });

  it('reads a complaint, and none in a report that says it is no spam', async () => {
    const of = { to: 'fbl@bounces.slotmesh.example', recipient: 'a@patients.example', messageId: `<${attempt}@slotmesh.example>` };
    expect(await readReturnedMail(Buffer.from(complaint(of)))).toEqual({ what: { kind: 'complaint', status: 'abuse' }, attempt: null, message: attempt });
    expect(await what(complaint({ ...of, type: 'not-spam' }))).toEqual({ kind: 'other' });
  });

  it('never throws, whatever comes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(1_500), async (noise, at) => {
      const whole = Buffer.from(notification({ to, recipient: 'a@patients.example', status: '5.1.1' }));
      await readReturnedMail(Buffer.concat([whole.subarray(0, at), Buffer.from(noise)]));
    }), { numRuns: 60 });
  });
});
