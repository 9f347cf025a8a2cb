import { upstreamProblem } from './upstream-problem';

const wrapped = (code: string) => Object.assign(new Error('outer', { cause: Object.assign(new Error('inner'), { code }) }), { code: 'FST_REPLY_FROM_INTERNAL_SERVER_ERROR' });

describe('the problem of a service that does not answer', () => {
  it('says that nothing was carried out where there was no connection', () => {
    expect(upstreamProblem('scheduling', wrapped('ECONNREFUSED'))).toMatchObject({ status: 503, code: 'service-unavailable', service: 'scheduling', detail: expect.stringContaining('nothing was carried out') });
  });
  it('says that the outcome is not known where the connection broke or time ran out', () => {
    expect(upstreamProblem('scheduling', wrapped('UND_ERR_SOCKET'))).toMatchObject({ status: 502, code: 'service-broke-off', detail: expect.stringContaining('same Idempotency-Key') });
    expect(upstreamProblem('scheduling', wrapped('UND_ERR_HEADERS_TIMEOUT'))).toMatchObject({ status: 504, code: 'service-timeout', detail: expect.stringContaining('not known') });
  });
  it('copes with anything thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}]) expect(upstreamProblem('capacity', thrown).status).toBe(502);
  });
});
