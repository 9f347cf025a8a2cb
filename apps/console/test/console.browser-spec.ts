import type { Page } from 'playwright-core';
import { RunningStack } from './running-stack';

const DESK = 'frontdesk@harbor.example';

describe('the console in a real browser', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await RunningStack.open();
  });
  afterAll(() => stack?.close());

  it('shows the state of every service before and after signing in through the provider, and forgets the person on signing out', async () => {
    const { page, context, complaints } = await stack.newPage();
    await page.goto(stack.url);
    await page.getByText(/^All \d services are ready\.$/).waitFor();
    expect(page.url()).toBe(`${stack.url}/console/`);
    for (const service of ['scheduling', 'reminders', 'notifications', 'capacity', 'sandbox']) expect(await page.getByRole('row', { name: new RegExp(`^${service} .*ready`) }).count()).toBe(1);

    await stack.signIn(page, DESK);
    expect(await page.getByText(DESK).isVisible()).toBe(true);
    expect(page.url()).toBe(`${stack.url}/console/`);
    await page.reload();
    await page.getByText(DESK).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
    expect((await context.cookies()).filter(({ name }) => name.startsWith('slotmesh-session'))).toEqual([]);
    expect(complaints).toEqual([]);
    // The provider has forgotten the person too: signing in asks for the password again.
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Password').waitFor();
    await context.close();
  });

  it('names the partners and the agreement in force', async () => {
    const { page, context, complaints } = await stack.newPage();
    await stack.signIn(page, DESK);
    await page.getByText('Summit Dermatology').first().waitFor();
    await page.getByText('in force', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows an operator what could not be handled, and a desk not', async () => {
    for (const [email, columns] of [[DESK, 0], ['operator@network.example', 1]] as const) {
      const { page, context, complaints } = await stack.newPage();
      await stack.signIn(page, email);
      await page.getByText('Summit Dermatology').first().waitFor();
      await page.getByText(/services are ready/).waitFor();
      expect(await page.getByRole('columnheader', { name: 'Parked events' }).count()).toBe(columns);
      if (columns > 0) await page.getByRole('row', { name: /^scheduling .*(?:none|\d+)/ }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it('searches own and partner openings and always names the zone', async () => {
    const { page, context } = await stack.newPage();
    await stack.signIn(page, DESK, '/console/openings');
    await page.getByLabel('Service').selectOption('dermatology-consult');
    await page.getByLabel('Within').selectOption('30');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText(/soonest first/).waitFor();
    const times = await page.locator('.openings time').allTextContents();
    expect(times.length).toBeGreaterThan(0);
    for (const time of times) expect(time).toMatch(/^\d{1,2}:\d{2} [AP]M [A-Z]{2,5}$/);
    expect(await page.getByText(/shared by summit/).count()).toBeGreaterThan(0);
    // The choice is in the address: a colleague who opens it sees the same.
    expect(new URL(page.url()).searchParams.get('service')).toBe('dermatology-consult');
    await page.reload();
    await page.locator('.openings time').first().waitFor();
    await context.close();
  });

  it('shows what a proposed version changes, and takes the signature of a second person, not of who proposed it', async () => {
    const [manager, owner] = [await stack.newPage(), await stack.newPage()];
    await stack.signIn(manager.page, 'manager@harbor.example', '/console/agreements');
    await manager.page.getByText(/Version 1, between desert, harbor, and summit, from .* UTC$/).waitFor();
    const statuses = await manager.page.evaluate(async () => {
      const token = /slotmesh-csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const post = async (path: string, body: unknown) => {
        const response = await fetch(`/api/scheduling/v1/agreements${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': token }, body: JSON.stringify(body) });
        return { status: response.status, document: (await response.json()) as { id: string; version: number } };
      };
      const { items: [agreement] } = (await (await fetch('/api/scheduling/v1/agreements')).json()) as { items: { id: string; terms: { rules: object[] } }[] };
      const draft = await post(`/${agreement!.id}/versions`, { ...agreement!.terms, effectiveFrom: new Date(Date.now() + 200 * 86_400_000).toISOString(), rules: agreement!.terms.rules.map((rule) => ({ ...rule, dailyQuota: 5 })) });
      return [draft.status, (await post(`/${agreement!.id}/propose`, { version: draft.document.version })).status];
    });
    expect(statuses).toEqual([201, 200]);
    await manager.page.reload();
    await manager.page.getByText(/daily quota: 16 becomes 5/).waitFor();
    await manager.page.getByRole('button', { name: /^Approve version \d+ for harbor$/ }).click();
    await manager.page.getByRole('alert').filter({ hasText: 'A second person of your practice has to approve it' }).waitFor();
    await stack.signIn(owner.page, 'owner@harbor.example', '/console/agreements');
    await owner.page.getByRole('button', { name: /^Approve version \d+ for harbor$/ }).click();
    await owner.page.getByText(/owner@harbor\.example for harbor/).waitFor();
    expect(await owner.page.getByText(/^Awaited: /).textContent()).toBe('Awaited: desert (two people); summit (two people)');
    expect(await owner.page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    await Promise.all([manager.context.close(), owner.context.close()]);
  });

  it("shows a partner's desk that a time is had on approval only, and the host's desk what waits, where one click answers it", async () => {
    const [manager, guest, host] = [await stack.newPage(), await stack.newPage(), await stack.newPage()];
    const asksFirst = (approvalHours: number | null) => manager.page.evaluate(async (hours) => {
      const token = /slotmesh-csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const { items } = (await (await fetch('/api/scheduling/v1/providers?practice=summit')).json()) as { items: { id: string }[] };
      const set = await Promise.all(items.map(({ id }) => fetch(`/api/scheduling/v1/providers/${id}/partner-settings`, { method: 'PUT', headers: { 'content-type': 'application/json', 'x-csrf-token': token }, body: JSON.stringify({ visitsPerDay: null, approvalHours: hours }) })));
      return [...new Set(set.map(({ status }) => status))];
    }, approvalHours);
    await stack.signIn(manager.page, 'manager@summit.example', '/console/requests');
    await manager.page.getByText('Nothing waits for an answer.').waitFor();
    expect(await asksFirst(24)).toEqual([200]);
    try {
      await stack.signIn(guest.page, DESK, '/console/openings?service=skin-check&practice=summit&days=30');
      await guest.page.getByText(/shared by summit; on approval within 24 h/).first().waitFor();
      const asked = await guest.page.evaluate(async () => {
        const token = /slotmesh-csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
        const read = async (path: string) => ((await (await fetch(`/api/scheduling/v1${path}`)).json()) as { items: { id: string }[] }).items;
        const [patient] = await read('/patients?limit=1');
        const openings = await read('/openings?service=skin-check&practice=summit&limit=50');
        const booked = await fetch('/api/scheduling/v1/appointments', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': token }, body: JSON.stringify({ opening: openings.at(-1)!.id, patient: patient!.id }) });
        return ((await booked.json()) as { status: string }).status;
      });
      expect(asked).toBe('pending');
      await stack.signIn(host.page, 'frontdesk@summit.example', '/console/requests');
      await host.page.getByText('asked by harbor').waitFor();
      await host.page.getByRole('button', { name: /^Approve skin-check on .* at .* M[DS]T$/ }).click();
      await host.page.getByText('Nothing waits for an answer.').waitFor();
    } finally {
      expect(await asksFirst(null)).toEqual([200]);
    }
    for (const { complaints } of [manager, guest, host]) expect(complaints).toEqual([]);
    await Promise.all([manager.context.close(), guest.context.close(), host.context.close()]);
  });

  it('says whether papers hold, and takes a notice of leaving that one person gives and nobody has confirmed', async () => {
    const { page, context } = await stack.newPage();
    await stack.signIn(page, 'manager@harbor.example', '/console/agreements');
    await page.getByText('The papers of desert, harbor, and summit hold for 60 days and more.').waitFor();
    await page.getByText('Nobody leaves the partnership.').waitFor();
    await page.getByText('Give notice for harbor').click();
    await page.getByLabel('Reason, read by all members').fill('we move to another city');
    await page.getByRole('button', { name: 'Give notice' }).click();
    await page.getByText('waits for a second person').waitFor();
    await page.getByRole('button', { name: 'Confirm as the second person' }).click();
    await page.getByRole('alert').filter({ hasText: 'second-person-needed' }).waitFor();
    await page.getByRole('button', { name: 'Take the notice back' }).click();
    await page.getByText('Nobody leaves the partnership.').waitFor();
    await context.close();
  });

  it('lets no script read the session, and refuses a change without the token', async () => {
    const { page, context } = await stack.newPage();
    await stack.signIn(page, DESK);
    const attempt = (headers: Record<string, string>) =>
      page.evaluate(async (sent) => {
        const response = await fetch('/api/scheduling/v1/holds', { method: 'POST', headers: { 'content-type': 'application/json', ...sent }, body: '{}' });
        return { status: response.status, document: await response.text(), cookies: document.cookie };
      }, headers);
    const refused = await attempt({});
    expect(refused.cookies).not.toContain('slotmesh-session');
    expect([refused.status, refused.document]).toEqual([403, expect.stringContaining('csrf-refused')]);
    const token = /slotmesh-csrf=([^;]+)/.exec(refused.cookies)?.[1] ?? '';
    expect((await attempt({ 'x-csrf-token': token })).document).not.toContain('csrf-refused');
    await context.close();
  });

  it('can be used with the keyboard alone', async () => {
    const { page, context } = await stack.newPage();
    await page.goto(`${stack.url}/console/`);
    await page.getByText(/services are ready/).waitFor();
    const order = await tabThrough(page, 'Sign in');
    expect(order[0]).toBe('Skip to the content');
    expect(order).toEqual(expect.arrayContaining(['Network', 'Openings', 'Agreements', 'API']));
    await page.keyboard.press('Enter');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.type(DESK);
    await page.keyboard.press('Tab');
    await page.keyboard.type('slotmesh');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await tabThrough(page, 'Sign out');
    expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe('solid');
    await context.close();
  });

  it('fits a phone and follows the dark setting', async () => {
    const { page, context } = await stack.newPage({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    for (const path of ['/console/', '/console/openings', '/console/requests', '/console/agreements', '/console/planning', '/docs', '/docs/events']) {
      await page.goto(stack.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 360]);
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain('dark');
    }
    await context.close();
  });

  it('shows the words of a refusal, and which service is missing', async () => {
    const { page, context } = await stack.newPage();
    const services = [{ service: 'scheduling', ready: true, detail: 'ready' }, { service: 'reminders', ready: false, detail: 'waits for: database' }];
    await page.route('**/health/ready', (route) => route.fulfill({ status: 503, json: { ready: false, services } }));
    const detail = 'The scheduling service is not there at the moment; nothing was carried out.';
    await page.route('**/api/scheduling/v1/practices', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', json: { type: 'x', title: 'Not available now', status: 503, detail, code: 'service-unavailable' } }));
    await stack.signIn(page, DESK);
    await page.getByText(/^reminders: not ready\./).waitFor();
    await page.getByText('waits for: database').waitFor();
    expect(await page.getByRole('alert').filter({ hasText: detail }).count()).toBe(1);
    await context.close();
  });

  it('says what to do when a sign-in came back too late, and where there is no such page', async () => {
    const { page, context } = await stack.newPage();
    await page.goto(`${stack.url}/auth/callback?state=unknown&code=x`);
    await page.getByRole('alert').getByText(/begin again/).waitFor();
    await page.goto(`${stack.url}/console/no/such/page`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await context.close();
  });
});

/** Presses Tab until the element with this text has the focus; gives the texts on the way. */
async function tabThrough(page: Page, until: string): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < 30) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => (document.activeElement?.textContent ?? '').trim());
    seen.push(text);
    if (text === until) return seen;
  }
  throw new Error(`"${until}" is not reached by Tab: ${seen.join(', ')}`);
}
