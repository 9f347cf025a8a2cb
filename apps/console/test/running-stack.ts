import { z } from 'zod';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';

const environment = z.object({
  SLOTMESH_URL: z.url({ error: 'set SLOTMESH_URL to the address of a running stack, such as http://localhost:8080 (npm test starts one of its own)' }).transform((url) => url.replace(/\/$/, '')),
  CHROMIUM_PATH: z.string().default('/usr/bin/chromium'),
});
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A real Chromium before a running stack. Everything that the page complains about is kept in `complaints`. */
export class RunningStack {
  private constructor(readonly url: string, private readonly browser: Browser) {}

  static async open(): Promise<RunningStack> {
    const { SLOTMESH_URL, CHROMIUM_PATH } = environment.parse(process.env);
    return new RunningStack(SLOTMESH_URL, await chromium.launch({ executablePath: CHROMIUM_PATH, args: FLAGS }));
  }

  async newPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
    const context = await this.browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York', ...options });
    context.setDefaultTimeout(45_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    return { page, context, complaints };
  }

  /** Signs in as a person does, by the provider's own page. */
  async signIn(page: Page, email: string, path = '/console/'): Promise<void> {
    await page.goto(this.url + path);
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('slotmesh');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
