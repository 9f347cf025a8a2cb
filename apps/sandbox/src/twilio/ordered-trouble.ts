import type { FastifyReply } from 'fastify';
import type { Hit } from '../faults/domain/fault';
import { serverError, tooManyRequests } from './domain/twilio-errors';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What an ordered fault does before the request is looked at. */
export async function troubleBefore(hit: Hit | null): Promise<void> {
  if (hit?.kind === '429') throw tooManyRequests();
  if (hit?.kind === '500-before') throw serverError();
  if (hit?.kind === 'slow') await pause(hit.delayMs);
}

const LONGEST_SILENCE_MS = 60_000;

/** What it does after the request was carried out: an error answer, or none at all. Returns true where the answer is its own matter. */
export function troubleAfter(hit: Hit | null, reply: FastifyReply): boolean {
  if (hit?.kind === '500-after') throw serverError();
  if (hit?.kind !== 'timeout-after') return false;
  reply.hijack();
  const socket = reply.raw;
  const timer = setTimeout(() => socket.destroy(), LONGEST_SILENCE_MS).unref();
  socket.on('close', () => clearTimeout(timer));
  return true;
}
