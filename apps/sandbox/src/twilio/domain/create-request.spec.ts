import { readCreateRequest, type Form } from './create-request';
import { magicRefusal } from './magic-numbers';
import { TwilioError } from './twilio-errors';

const now = new Date('2026-11-23T18:00:00Z');
const good: Form = { To: '+16175550101', From: '+16175550199', Body: 'Hello' };
const service = 'MG' + 'a'.repeat(32);

function codeOf(form: Form): number {
  try {
    const request = readCreateRequest(form, now);
    const refusal = magicRefusal(request.from, request.to);
    if (refusal) throw refusal;
    return 0;
  } catch (error) {
    if (error instanceof TwilioError) return error.code;
    throw error;
  }
}

describe('a create request', () => {
  it('is read whole', () => {
    expect(readCreateRequest({ ...good, To: '(617) 555-0101', StatusCallback: 'http://localhost:8080/s?c=1#rc=5', ValidityPeriod: '600' }, now)).toEqual({
      to: '+16175550101', from: '+16175550199', messagingServiceSid: null, body: 'Hello', numMedia: 0,
      statusCallback: 'http://localhost:8080/s?c=1#rc=5', validitySeconds: 600, sendAt: null,
    });
  });

  it.each<[number, Form]>([
    [0, good],
    [0, { ...good, Body: '👍'.repeat(1600) }],
    [0, { ...good, From: '12345' }],
    [0, { ...good, From: 'Harbor' }],
    [0, { ...good, From: '+15005550006' }],
    [0, { ...good, From: undefined, MessagingServiceSid: service }],
    [0, { ...good, Body: undefined, MediaUrl: ['https://example.com/a.png'] }],
    [21604, { ...good, To: '' }],
    [21211, { ...good, To: '12' }],
    [21211, { ...good, To: '+15005550001' }],
    [21612, { ...good, To: '+15005550002' }],
    [21408, { ...good, To: '+15005550003' }],
    [21610, { ...good, To: '+15005550004' }],
    [21614, { ...good, To: '+15005550009' }],
    [21603, { ...good, From: undefined }],
    [21212, { ...good, From: '+15005550001' }],
    [21212, { ...good, From: '!' }],
    [21606, { ...good, From: '+15005550007' }],
    [21611, { ...good, From: '+15005550008' }],
    [21266, { ...good, From: good['To'] }],
    [21602, { ...good, Body: '' }],
    [21617, { ...good, Body: 'a'.repeat(1601) }],
    [21620, { ...good, MediaUrl: 'ftp://example.com' }],
    [21609, { ...good, StatusCallback: 'nowhere' }],
    [21609, { ...good, StatusCallback: 'http://my_host/status' }],
    [21701, { ...good, MessagingServiceSid: 'MG1' }],
    [90007, { ...good, ValidityPeriod: '0' }],
    [90007, { ...good, ValidityPeriod: '36001' }],
    [35111, { ...good, MessagingServiceSid: service, ScheduleType: 'fixed' }],
    [35114, { ...good, MessagingServiceSid: service, ScheduleType: 'fixed', SendAt: '2026-11-23T18:04:00Z' }],
    [35114, { ...good, MessagingServiceSid: service, ScheduleType: 'fixed', SendAt: '2027-01-23T18:04:00Z' }],
  ])('answers with code %i for %j', (code, form) => {
    expect(codeOf(form)).toBe(code);
  });

  it('drops a schedule without a service, as Twilio does', () => {
    expect(readCreateRequest({ ...good, ScheduleType: 'fixed', SendAt: '2026-11-24T18:00:00Z' }, now).sendAt).toBeNull();
  });
});
