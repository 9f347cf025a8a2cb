import fc from 'fast-check';
import { EmailImpossible, parseEmail } from './email';

describe('e-mail', () => {
  it('is kept in lower case with an ASCII domain', () => {
    expect(parseEmail(' Ana.Ruiz+clinic@Mail.Example ')).toBe('ana.ruiz+clinic@mail.example');
    expect(parseEmail("o'brien@sub.mail.example")).toBe("o'brien@sub.mail.example");
    expect(parseEmail('hans@bücher.example')).toBe('hans@xn--bcher-kva.example');
  });

  it('is refused when no server could deliver it, with a rule and without the address', () => {
    const long = 'a'.repeat(65);
    for (const text of [
      '', 'ana', '@mail.example', 'ana@', 'ana@localhost', 'ana@mail..example', 'ana@-mail.example', 'ana@mail-.example', 'ana..ruiz@mail.example', '.ana@mail.example', 'ana.@mail.example', 'ana ruiz@mail.example',
      'ana@mail.example, eva@mail.example', 'Ana <ana@mail.example>', 'ana@1.2.3.4', 'ana@[1.2.3.4]', 'ana@mail.example/x', 'ana@mail.example:25', 'ana@mail.example\r\nBcc: eva@mail.example', 'añna@mail.example', 'ana@mail.invalid',
      `${long}@mail.example`, `ana@${`${'a'.repeat(60)}.`.repeat(5)}example`, `ana@${'a'.repeat(64)}.example`, '"ana"@mail.example',
    ]) {
      const message = refusal(text);
      expect([text, message]).toEqual([text, expect.stringMatching(/^This e-mail address .+\.$/)]);
      if (text.length > 13) expect(message).not.toContain(text);
    }
  });

  it('read once, it reads the same again, and never holds a space, a line end or a second address', () => {
    fc.assert(fc.property(fc.oneof(fc.emailAddress(), fc.string(), fc.tuple(fc.string(), fc.domain()).map(([local, domain]) => `${local}@${domain}`)), (text) => {
      if (refusal(text) !== null) return;
      const email = parseEmail(text);
      expect(parseEmail(email)).toBe(email);
      expect(email).toMatch(/^[^\s,;<>()"@]+@[a-z0-9.-]+$/);
      expect(email.length).toBeLessThanOrEqual(254);
    }), { numRuns: 2_000 });
  });

  it('takes every plain mailbox of a domain', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9_+-]{1,30}$/), fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/), (local, name) => expect(parseEmail(`${local}@${name}.example`)).toBe(`${local}@${name}.example`)));
  });
});

function refusal(text: string): string | null {
  try {
    parseEmail(text);
    return null;
  } catch (error) {
    if (error instanceof EmailImpossible) return error.message;
    throw error;
  }
}
