import { type Server, createServer } from 'node:http';
import { z } from 'zod';

const move = z.object({ offsetMs: z.number() });

/** Another process that shares the clock: does what is due at its domain time, one thing per look, and says so on its ops port. */
export class ClockMember {
  readonly done: { due: number; at: number }[] = [];
  offsetMs = 0;
  stuck = false;
  private pending: number[] = [];
  private server: Server | null = null;
  private activity = 0;

  constructor(readonly port: number) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }

  plan(...instants: number[]): void {
    this.pending = [...this.pending, ...instants].sort((a, b) => a - b);
  }

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = request.url === '/idle' ? this.idle() : this.moveTo(move.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).offsetMs);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const server = this.server;
    this.server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  private moveTo(offsetMs: number): object {
    this.offsetMs = Math.max(this.offsetMs, offsetMs);
    return { offsetMs: this.offsetMs };
  }

  private idle(): object {
    const [due] = this.pending;
    const dueNow = due !== undefined && due <= this.now();
    if (dueNow) {
      this.done.push({ due, at: this.now() });
      this.pending.shift();
      this.activity += 1;
    }
    return { idle: !dueNow && !this.stuck, activity: this.activity, nextDue: this.pending[0] === undefined ? null : new Date(this.pending[0]).toISOString(), busy: this.stuck ? ['outbox'] : [] };
  }
}
