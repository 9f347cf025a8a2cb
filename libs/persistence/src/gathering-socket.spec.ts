import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { GatheringSocket } from './gathering-socket';

describe('a gathering socket', () => {
  let server: Server;
  let peer: Promise<Socket>;
  let socket: GatheringSocket;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    peer = once(server, 'connection').then(([connection]) => connection);
    socket = new GatheringSocket();
    socket.connect(address.port, '127.0.0.1').resume();
    await once(socket, 'connect');
  });

  afterEach(async () => {
    socket.destroy();
    (await peer).destroy();
    server.close();
  });

  function statement(...parts: string[]): void {
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
  }

  it('keeps statements, also those of promises that run on, until the program comes to rest, and sends them in one piece and in order', async () => {
    const pieces: number[] = [];
    const writev = socket._writev?.bind(socket);
    socket._writev = (chunks, done) => {
      pieces.push(chunks.length);
      writev?.(chunks, done);
    };
    statement('parse ', 'bind ');
    await Promise.resolve();
    statement('execute ', 'sync ');
    expect(pieces).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pieces).toEqual([4]);
    socket.end('end');
    expect(await text(await peer)).toBe('parse bind execute sync end');
  });

  it('sends what stands where the connection is ended at once', async () => {
    statement('last ', 'words');
    socket.end();
    expect(await text(await peer)).toBe('last words');
  });
});
