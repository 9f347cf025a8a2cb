import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postWebhook } from './post-webhook';

describe('a webhook in production', () => {
  it.each(['http://example.com/', 'https://127.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest', 'https://localhost/'])('is not sent to %s', async (url) => {
    expect(await postWebhook(url, {}, '{}', false)).toEqual({ status: null, error: 'address-refused' });
  });
});

it('follows no redirect, because it would lead past the look at the address', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await postWebhook(`http://127.0.0.1:${port}/here`, {}, '{}', true)).toEqual({ status: 302, error: null });
  expect(asked).toEqual(['/here']);
  await new Promise((resolve) => server.close(resolve));
});

it('comes to an end where the receiver answers that it switches protocols', async () => {
  const server = createServer();
  server.on('connection', (socket) => socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await postWebhook(`http://127.0.0.1:${port}/`, {}, '{}', true)).toEqual({ status: 101, error: null });
  await new Promise((resolve) => server.close(resolve));
});
