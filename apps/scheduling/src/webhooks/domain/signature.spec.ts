import { newWebhookSecret, signatureOf } from './signature';

describe('the signature of a webhook', () => {
  it('is what Standard Webhooks gives for its own example', () => {
    expect(signatureOf(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
  it('is there once for each valid secret', () => {
    expect(signatureOf([newWebhookSecret(), newWebhookSecret()], 'id', 1, '{}')).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
  });
});
