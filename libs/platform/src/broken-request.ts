import { STATUS_CODES, maxHeaderSize } from 'node:http';
import type { Socket } from 'node:net';
import { problemOf } from './problem';

const sentences: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: `The address and the headers are longer than ${maxHeaderSize} bytes together. Send a shorter address, or fewer cookies and headers.` },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive whole in time. Send it again.' },
};
const other = { status: 400, detail: 'This is no HTTP request that can be read. Check the client that sends it.' };

/** Answers what is too broken to become a request, on the bare connection, with a problem document (RFC 9457) like everything else. */
export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, detail } = sentences[error.code ?? ''] ?? other;
  const body = JSON.stringify({ ...problemOf('invalid', `http-${status}`, detail), status });
  if (socket.writable) socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
  socket.destroySoon();
}
