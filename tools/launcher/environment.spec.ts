import { environmentOf } from './environment.mjs';
import { stackPorts } from './ports.mjs';
import { completed } from './secrets.mjs';

const stack = { mode: 'sandbox', ports: stackPorts(), secrets: completed(), databaseUrl: 'postgres://postgres:p%40ss@127.0.0.1:8432/postgres', kafkaBrokers: '127.0.0.1:8092' };

describe('environmentOf', () => {
  it('gives each service its own port, ops port, database and client', () => {
    expect(environmentOf('reminders', stack)).toMatchObject({ PORT: '8082', OPS_PORT: '9082', CLIENT_ID: 'reminders', CLIENT_SECRET: stack.secrets.clients.reminders });
    const url = new URL(environmentOf('reminders', stack).DATABASE_APP_URL ?? '');
    expect([url.username, url.password, url.host, url.pathname]).toEqual(['reminders_app', stack.secrets.databaseRoles.reminders_app, '127.0.0.1:8432', '/reminders']);
  });

  it('gives the master key to scheduling only and the session key to the gateway only', () => {
    const holders = (key: string) => ['sandbox', 'scheduling', 'reminders', 'notifications', 'capacity', 'gateway'].filter((name) => key in environmentOf(name, stack));
    expect(holders('MASTER_KEY')).toEqual(['scheduling']);
    expect(holders('SESSION_KEY')).toEqual(['gateway']);
    expect(holders('SERVICE_CLIENTS')).toEqual(['sandbox']);
  });

  it('never hands the superuser to a service', () => {
    expect(JSON.stringify(environmentOf('scheduling', stack))).not.toMatch(/postgres:p%40ss|postgres@/);
  });

  it('knows no movable clock and no sandbox in production', () => {
    const variables = environmentOf('scheduling', { ...stack, mode: 'production', given: { PUBLIC_URL: 'https://slots.example' } });
    expect(variables).toMatchObject({ MODE: 'production', PUBLIC_URL: 'https://slots.example' });
    expect(Object.keys(variables).filter((key) => /CLOCK|SANDBOX/.test(key))).toEqual([]);
  });

  it('lets a person bring a provider of their own beside the sandbox', () => {
    const given = { TWILIO_BASE_URL: 'https://api.twilio.com', TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't', DATABASE_APP_URL: 'ignored' };
    expect(environmentOf('notifications', { ...stack, given })).toMatchObject({ TWILIO_BASE_URL: 'https://api.twilio.com', TWILIO_AUTH_TOKEN: 't', DATABASE_APP_URL: expect.stringContaining('notifications_app') });
  });

  it('moves every address with the ports', () => {
    const moved = environmentOf('gateway', { ...stack, ports: stackPorts(1000) });
    expect(moved).toMatchObject({ PUBLIC_URL: 'http://localhost:9080', PORT: '9080', OPS_PORT: '10080', SCHEDULING_URL: 'http://127.0.0.1:9081', SMTP_URL: 'smtp://127.0.0.1:9025' });
  });
});
