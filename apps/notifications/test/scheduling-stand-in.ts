import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { appointmentSnapshot, offerSnapshot, recallSnapshot } from '@slotmesh/contracts';
import { type IdentityStandIn, identityStandIn } from '@slotmesh/testing';
import { z } from 'zod';

export type Visit = z.input<typeof appointmentSnapshot>;
export type Offer = z.input<typeof offerSnapshot>;
export type Recall = z.input<typeof recallSnapshot>;

/** The answers of scheduling and of reminders: how visits and recalls stand, beside what the identity stand-in knows of people and keys. */
export class SchedulingStandIn {
  readonly visits = new Map<string, Visit>();
  readonly offers = new Map<string, Offer>();
  readonly recalls = new Map<string, Recall>();
  /** Visits that lie on a closed day, whose patients were asked to move them. */
  readonly toMove = new Set<string>();
  /** Questions about revisions, to count that one goes out per batch. */
  questions = 0;
  silent = false;
  /** What a process that starts takes for the sandbox's clock. */
  offsetMs = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private constructor(readonly identity: IdentityStandIn) {}

  static async start(): Promise<SchedulingStandIn> {
    const made = new SchedulingStandIn(await identityStandIn());
    await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    return made;
  }
  get environment(): Record<string, string> {
    return { ...this.identity.environment, SCHEDULING_URL: this.url, REMINDERS_URL: this.url };
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await Promise.all([new Promise<void>((resolve) => this.server.close(() => resolve())), this.identity.stop()]);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    const send = (status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/clock') return send(200, { offsetMs: this.offsetMs });
    if (this.silent) return send(503, {});
    if (request.url === '/api/scheduling/v1/message-links') {
      const asked = z.object({ appointments: z.array(z.string()) }).parse(JSON.parse(body));
      return send(200, { items: asked.appointments.map((appointment) => ({ appointment, url: `https://slotmesh.example/a/link-to-${appointment}`, expiresAt: '2030-01-01T00:00:00.000Z' })) });
    }
    if (request.url === '/api/reminders/v1/revisions') {
      const asked = z.object({ recalls: z.array(z.string()) }).parse(JSON.parse(body));
      return send(200, { recalls: asked.recalls.flatMap((id) => this.recalls.get(id) ?? []) });
    }
    if (request.url !== '/api/scheduling/v1/revisions') {
      const answered = await fetch(`${this.identity.environment['SCHEDULING_URL']}${request.url}`, { method: request.method ?? 'GET', headers: { authorization: request.headers.authorization ?? '' }, ...(body === '' ? {} : { body }) });
      return send(answered.status, await answered.json());
    }
    this.questions++;
    const { appointments, offers } = z.object({ appointments: z.array(z.string()), offers: z.array(z.string()) }).parse(JSON.parse(body));
    send(200, { items: appointments.flatMap((id) => (this.visits.has(id) ? { ...this.visits.get(id), ...(this.toMove.has(id) ? { mustMove: true } : {}) } : [])), offers: offers.flatMap((id) => this.offers.get(id) ?? []) });
  }
}
