import { validateRequest } from 'twilio';
import { sign } from './signature';

describe('X-Twilio-Signature', () => {
  it('is accepted by the real client, with query, accents and repeated names', () => {
    const url = 'http://localhost:8080/webhooks/twilio/status?correlation=a%20b&x=1';
    const fields: [string, string][] = [['MessageSid', 'SM1'], ['Body', 'Sí, mañana 👍'], ['Tag', 'b'], ['Tag', 'a'], ['Tag', 'b']];
    const seen = { MessageSid: 'SM1', Body: 'Sí, mañana 👍', Tag: ['b', 'a', 'b'] };
    expect(validateRequest('secret', sign('secret', url, fields), url, seen)).toBe(true);
    expect(validateRequest('other', sign('secret', url, fields), url, seen)).toBe(false);
  });

  it('is the one of the published example', () => {
    const fields: [string, string][] = [['CallSid', 'CA1234567890ABCDE'], ['Caller', '+14158675310'], ['Digits', '1234'], ['From', '+14158675310'], ['To', '+18005551212']];
    expect(sign('12345', 'https://example.com/myapp.php?foo=1&bar=2', fields)).toBe('L/OH5YylLD5NRKLltdqwSvS0BnU=');
  });
});
