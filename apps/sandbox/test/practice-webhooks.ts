import { type Server, createServer } from 'node:http';
import { validateRequest } from 'twilio';
import { TOKEN } from './sandbox-under-test';

export interface Post {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly signed: boolean;
  readonly token: string;
}

/** The practice's side: takes webhooks, checks their signature with the real client and answers as told. */
export class PracticeWebhooks {
  readonly posts: Post[] = [];
  /** Status and body of coming answers; the last one stays. */
  answers: { status: number; body?: string }[] = [{ status: 200 }];
  private server: Server | null = null;

  constructor(readonly port: number) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  of(path: string): Post[] {
    return this.posts.filter((post) => post.path.startsWith(path));
  }

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
        const path = request.url ?? '';
        const signature = String(request.headers['x-twilio-signature']);
        this.posts.push({ path, form, signed: validateRequest(TOKEN, signature, this.url + path, form), token: String(request.headers['i-twilio-idempotency-token']) });
        const { status, body } = (this.answers.length > 1 ? this.answers.shift() : this.answers[0]) ?? { status: 200 };
        response.writeHead(status, { 'content-type': 'text/xml' }).end(body ?? '');
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
}
