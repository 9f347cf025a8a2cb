import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { mailOf } from './mails';
import { usualFacts } from './domain/sample-facts';

describe('the layout of mails', () => {
  it('is what its MJML says', () => {
    expect(() => execFileSync(process.execPath, [join(__dirname, '../../../../tools/mail-layout/compile.mjs'), '--check'], { encoding: 'utf8', stdio: 'pipe' })).not.toThrow();
  });

  it('suits dark screens, names its language, and keeps every line short enough for SMTP', () => {
    const facts = usualFacts('es');
    const { html, subject } = mailOf('visit-reminder', { ...facts, givenName: 'A "quoted" <b>', unsubscribe: 'https://slotmesh.example/u/abc' });
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toMatch(/<html lang="es"/);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).toContain('A &quot;quoted&quot; &lt;b&gt;');
    expect(html).toContain('<a href="https://slotmesh.example/u/abc">No recibir más correos como este</a>');
    expect(html).not.toContain('[[');
    expect(Math.max(...html.split('\n').map((line) => line.length))).toBeLessThan(998);
  });
});
