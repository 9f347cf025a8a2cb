import { z } from 'zod';

/** RFC 9457, as every service answers a refusal. */
const problem = z.object({ status: z.number(), title: z.string(), detail: z.string().default(''), code: z.string().default('unknown') }).loose();

/** A refusal, or no answer, in words for the person. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Statuses whose document is an answer too. */
  readonly answers?: readonly number[];
}

/** Asks the gateway and parses the answer; everything that comes from outside passes through a schema here. Throws Refusal. */
export async function ask<Schema extends z.ZodType>(path: string, schema: Schema, question: Question = {}): Promise<z.output<Schema>> {
  const response = await send(path, question);
  const document: unknown = await response.json().catch(() => null);
  if (!response.ok && !question.answers?.includes(response.status)) throw refusalOf(response.status, document);
  const answer = schema.safeParse(document);
  if (answer.success) return answer.data;
  throw new Refusal(response.status, 'answer-unreadable', 'The answer has a form that this page does not know. Reload the page; it may have been renewed.');
}

async function send(path: string, { method = 'GET', body, signal }: Question): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method !== 'GET') headers.set('x-csrf-token', csrfToken(document.cookie));
  try {
    return await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(0, 'no-answer', 'Slotmesh does not answer. Check the network connection; this page tries again by itself.');
  }
}

function refusalOf(status: number, document: unknown): Refusal {
  const told = problem.safeParse(document);
  if (told.success) return new Refusal(status, told.data.code, told.data.detail || told.data.title);
  return new Refusal(status, 'unknown', `Slotmesh answered ${status} without saying why. Please try again.`);
}

/** The readable half of the pair; `__Host-` where the address is https. */
export function csrfToken(cookies: string): string {
  return /(?:^|; )(?:__Host-)?slotmesh-csrf=([^;]*)/.exec(cookies)?.[1] ?? '';
}
