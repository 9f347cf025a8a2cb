import { eventually } from '@slotmesh/testing';
import { z } from 'zod';
import { type NetworkUnderTest, startNetwork } from './network-under-test';

describe('the gateway about itself', () => {
  let network: NetworkUnderTest;
  let origin: string;
  beforeAll(async () => {
    network = await startNetwork();
    ({ origin } = network);
  });
  afterAll(() => network?.stop());

  it('is ready only when every service is, and names the one that is not', async () => {
    // Why again: on a busy machine one that is there may answer too late once.
    await eventually('only the one that is away is not ready', async () => {
      const response = await fetch(`${origin}/health/ready`);
      expect(response.status).toBe(503);
      const { services } = z.object({ services: z.array(z.object({ service: z.string(), ready: z.boolean(), detail: z.string() })) }).parse(await response.json());
      expect(services.filter((service) => !service.ready)).toEqual([{ service: 'reminders', ready: false, detail: 'does not answer' }]);
      return true;
    });
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
  });

  it('gives the time', async () => {
    const { now, ...rest } = z.object({ now: z.iso.datetime(), offsetMs: z.number(), sandbox: z.boolean() }).parse(await (await fetch(`${origin}/api/clock`)).json());
    expect(rest).toEqual({ offsetMs: 0, sandbox: true });
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
  });

  it('shows the API documents without anything from elsewhere', async () => {
    const response = await fetch(`${origin}/docs`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('/api/scheduling/v1/openapi.json');
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    expect((await fetch(`${origin}/docs/nonsense`)).status).toBe(404);
    expect((await fetch(`${origin}/docs/reminders`)).status).toBe(503);
    expect(await (await fetch(`${origin}/docs/events`)).text()).toContain('scheduling.appointment.v1');
  });

  it('shows method, path, summary and demand of each operation as its source says them', async () => {
    const page = await (await fetch(`${origin}/docs/gateway`)).text();
    expect(page).toContain('<code>/auth/callback</code> <span>Where the provider sends the browser back to, with a code or an error</span> <small class="demand">no token: ');
    expect(page).toContain('<section id="schema-Problem">');
    const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(await (await fetch(`${origin}/api/gateway/v1/openapi.json`)).json());
    expect(paths['/auth/login']).toMatchObject({ get: { summary: 'Sends the browser to the provider', security: [], responses: { default: { content: { 'application/problem+json': {} } } } } });
  });

  it('promises no standard that is not there', async () => {
    expect(await (await fetch(`${origin}/docs`)).text()).not.toMatch(/FHIR|SMART/);
  });
});
