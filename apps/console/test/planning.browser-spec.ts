import type { Locator, Page } from 'playwright-core';
import { countWeeks } from './counted-weeks';
import { RunningStack } from './running-stack';

const SERVICE = 'dermatology-consult';

describe('the page for planning in a real browser', () => {
  let stack: RunningStack;
  let now: string;
  beforeAll(async () => {
    stack = await RunningStack.open();
    ({ now } = (await (await fetch(`${stack.url}/api/clock`)).json()) as { now: string });
    // Alternately eight and nine visits a day, and nearly all of the time in the last week.
    await countWeeks('harbor', SERVICE, now, (weeksAgo) => (weeksAgo === 1 ? 15 : 8 + (weeksAgo % 2)));
    // Under eleven were missed in any month: of other practices nothing is shown.
    for (const partner of ['desert', 'summit']) await countWeeks(partner, SERVICE, now, (weeksAgo) => (weeksAgo % 3 === 0 ? 2 : 0));
  });
  afterAll(() => stack?.close());

  it('P18: shows a manager the number that the API has, how it is counted and what stands behind it, and calls only what lies outside of its limits a change', async () => {
    const { page, context, complaints } = await stack.newPage();
    await stack.signIn(page, 'manager@harbor.example', `/console/planning?service=${SERVICE}`);
    const fill = tile(page, 'Booked time of scheduled time');
    await fill.getByText(/^Change: .* above the limits \(/).waitFor();
    const csv = (await fill.getByRole('link', { name: /^CSV/ }).getAttribute('href')) ?? '';
    const told = await page.evaluate(async (path) => (await (await fetch(path)).json()) as { items: { period: string; value: number; flag: string | null }[]; definition: { numerator: string } }, csv.replace('/csv?', '?'));
    const newest = told.items.at(-1);
    expect([told.items.length, newest?.flag, told.items.filter(({ flag }) => flag !== null).length]).toEqual([13, 'above', 1]);
    expect(await fill.locator('.number strong').textContent()).toBe(`${Math.round((newest?.value ?? 0) * 1000) / 10}%`);
    expect([await fill.locator('.chart .flagged').count(), await fill.locator('.chart .point').count()]).toEqual([1, 12]);
    expect(await fill.getByRole('img').getAttribute('aria-label')).toMatch(/^Booked time of scheduled time: numbers for 13 of 13 weeks; .* 1 outside of control limits/);

    await fill.getByText('How is this counted?').click();
    await fill.getByText(told.definition.numerator).waitFor();
    expect(await fill.getByText(/ [AP]M [A-Z]{2,5}$/).isVisible()).toBe(true);
    await fill.getByText('Show rows').click();
    await fill.getByText('75 rows', { exact: true }).waitFor();
    expect(await fill.locator('.rows li').first().textContent()).toMatch(/^appointment\//);

    // One of eight or nine was missed in every week: up and down, and no change.
    await tile(page, 'Patients who did not come').getByText(/^No change: every week lies within its limits/).waitFor();
    expect(await page.getByRole('heading', { level: 4 }).count()).toBe(15);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('lets a manager try a change on what is known of the partnership, with progress, and keeps the answer at the address of the page', async () => {
    const { page, context, complaints } = await stack.newPage();
    await stack.signIn(page, 'manager@harbor.example', `/console/planning?service=${SERVICE}`);
    await page.getByText(/^No forecast: .+ are needed/).waitFor();
    const advised = await page.evaluate(async () => ((await (await fetch('/api/capacity/v1/recommendations')).json()) as { items: { title: string }[] }).items.map(({ title }) => title));
    const toDo = page.getByRole('region', { name: 'What to do' });
    if (advised.length === 0) await toDo.getByText('Nothing is advised at present').waitFor();
    for (const title of advised) await toDo.getByRole('heading', { name: title, exact: true }).waitFor();

    const tried = page.getByRole('region', { name: 'What would change' });
    await tried.getByLabel('What to try').selectOption('demand');
    await tried.getByLabel('More, in %').fill('900');
    await tried.getByRole('button', { name: 'Try' }).click();
    await tried.getByRole('alert').waitFor();
    await tried.getByLabel('What to try').selectOption('share');
    await tried.getByLabel('Share of its time, in %').fill('20');
    await tried.getByRole('button', { name: 'Try' }).click();
    await tried.getByText(/^Patients of all practices together would wait/).waitFor();
    expect(await tried.getByRole('row').locator('th[scope=row]').allTextContents()).toEqual(['Desert Heart Clinic', 'Harbor Family Medicine', 'Summit Dermatology', 'All together']);
    await page.reload();
    await tried.getByText(/^Patients of all practices together would wait/).waitFor();
    // The one that was refused says so in the console of the browser, too.
    expect(complaints.filter((text) => !text.includes('422') && !text.includes('400'))).toEqual([]);
    await context.close();
  });

  it('P18: shows an operator no numbers of a practice of its own, only what partners see of each other, and fits a phone', async () => {
    const { page, context, complaints } = await stack.newPage({ viewport: { width: 400, height: 800 } });
    await stack.signIn(page, 'operator@network.example', `/console/planning?compare=no-show&compareService=${SERVICE}`);
    await page.getByText('You belong to no practice').waitFor();
    await page.getByRole('heading', { name: 'Practices side by side' }).waitFor();
    const harbor = page.getByRole('row', { name: /Harbor/ });
    // Months are taken across practices when they have rested for some seconds.
    await page.evaluate(async ({ today, service }) => {
      const month = new Date(Date.parse(today) - 45 * 86_400_000).toISOString().slice(0, 7);
      const taken = async () => {
        const { items } = (await (await fetch(`/api/capacity/v1/measures/no-show/network?from=${month}&to=${month}`)).json()) as { items: { practice: string; service: string }[] };
        return ['harbor', 'desert'].every((practice) => items.some((item) => item.practice === practice && item.service === service));
      };
      while (!(await taken())) await new Promise((resolve) => setTimeout(resolve, 500));
    }, { today: now, service: SERVICE });
    await page.reload();
    await harbor.waitFor();
    expect(await harbor.getByRole('cell').filter({ hasText: /^1[012]%$/ }).count()).toBeGreaterThan(0);
    expect(await page.getByRole('row', { name: /Desert/ }).getByText('hidden: fewer than 11').count()).toBeGreaterThan(0);
    expect(await page.getByRole('row', { name: /^Median of those shown/ }).getByText(/^1[012]% of 1$/).count()).toBeGreaterThan(0);
    expect([await page.getByRole('heading', { level: 4 }).count(), await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([0, 400]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

const tile = (page: Page, title: string): Locator => page.getByRole('listitem', { name: title, exact: true });
