import { isPublicAddress, literalAddress } from './public-address';

describe('an address that webhooks may go to', () => {
  it.each(['93.184.215.14', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001:800::200e'])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(['127.0.0.1', '127.9.9.9', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '192.0.0.8', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1', 'ff02::1',
    '::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', 'localhost', ''])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
  it('is found however it is written', () => {
    expect(['https://2130706433/', 'https://0x7f.1/', 'https://127.1/', 'https://[::ffff:7f00:1]/', 'https://example.com/'].map((url) => literalAddress(new URL(url)))).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1', '::ffff:7f00:1', null]);
  });
});
