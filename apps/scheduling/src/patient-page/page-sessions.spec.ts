import { randomBytes } from 'node:crypto';
import { MINUTE, instant } from '@slotmesh/kernel';
import { PageSessions } from './page-sessions';

const sessions = new PageSessions(randomBytes(32), true);
const now = instant(1_790_000_000_000);
const sent = (line: string): string => line.split(';')[0]!;

describe('the session of a page', () => {
  it('is read back at its own link, for 15 minutes of domain time, and at no other link', () => {
    const line = sessions.cookieOf('link-a', sessions.opened('link-a', now));
    expect(line).toMatch(/; Path=\/a\/link-a; HttpOnly; Secure; SameSite=Strict$/);
    expect(sessions.read('link-a', `other=1; ${sent(line)}`)?.openUntil).toBe(now + 15 * MINUTE);
    expect(sessions.read('link-b', sent(line))).toBeNull();
    expect(new PageSessions(randomBytes(32), true).read('link-a', sent(line))).toBeNull();
  });

  it('cannot be opened by writing another time into it', () => {
    const closed = sessions.closed('link-a');
    expect(closed.openUntil).toBe(0);
    expect(sessions.read('link-a', `visit-page=${closed.value.replace('.0.', `.${now}.`)}`)).toBeNull();
    for (const header of [undefined, '', 'visit-page=', 'visit-page=a.b.c', `visit-page=${closed.value}x`]) expect(sessions.read('link-a', header)).toBeNull();
  });

  it('binds a form to its cookie and its link', () => {
    const [mine, yours] = [sessions.opened('link-a', now), sessions.opened('link-a', now)];
    const form = sessions.formTokenOf('link-a', mine);
    expect(sessions.isFormOf('link-a', mine, form)).toBe(true);
    expect([sessions.isFormOf('link-a', yours, form), sessions.isFormOf('link-b', mine, form), sessions.isFormOf('link-a', null, form), sessions.isFormOf('link-a', mine, '')]).toEqual([false, false, false, false]);
  });
});
