import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredText {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly statusCallback: string;
  readonly validityPeriod: number;
  readonly created: Date;
  status: string;
}
export type TwilioFault = '429' | '500-before' | '500-after' | 'hang-before' | 'hang-after' | { readonly code: number } | { readonly answers: Promise<'429' | 'taken'> };

/** Create and list of Twilio's Messages resource over real HTTP, with faults that a test chooses one by one. */
export class TwilioStandIn {
  readonly texts: StoredText[] = [];
  readonly faults: TwilioFault[] = [];
  readonly accountSid = `AC${'a'.repeat(32)}`;
  readonly authToken = 'token-of-the-test';
  /** Requests to create, also those that were refused or never answered. */
  creates = 0;
  now: () => number = Date.now;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  private port = 0;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
  to = (phone: string): StoredText[] => this.texts.filter((text) => text.to === phone);

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    const send = (status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname !== `/2010-04-01/Accounts/${this.accountSid}/Messages.json`) return send(404, { code: 20404, message: 'not found', status: 404 });
    if (request.method === 'GET') {
      const found = this.texts.filter((text) => text.to === (url.searchParams.get('To') ?? text.to) && text.from === (url.searchParams.get('From') ?? text.from)).reverse();
      return send(200, { messages: found.map((text) => this.represent(text)), page: 0, page_size: 100, next_page_uri: null });
    }
    const form = new URLSearchParams(body);
    this.creates++;
    const ordered = this.faults.shift();
    const fault = typeof ordered === 'object' && 'answers' in ordered ? await ordered.answers : ordered;
    if (typeof fault === 'object') return send(400, { code: fault.code, message: 'refused', status: 400 });
    if (fault === '429') return send(429, { code: 20429, message: 'Too Many Requests', status: 429 });
    if (fault === '500-before') return send(500, { code: 20500, message: 'Internal Server Error', status: 500 });
    if (fault === 'hang-before') return;
    const field = (name: string): string => form.get(name) ?? '';
    const text: StoredText = { sid: `SM${randomBytes(16).toString('hex')}`, to: field('To'), from: field('From'), body: field('Body'), statusCallback: withoutOverrides(field('StatusCallback')), validityPeriod: Number(field('ValidityPeriod')), created: new Date(this.now()), status: 'queued' };
    this.texts.push(text);
    if (fault === '500-after') return send(500, { code: 20500, message: 'Internal Server Error', status: 500 });
    if (fault === 'hang-after') return;
    send(201, this.represent(text));
  }

  private represent(text: StoredText): Record<string, unknown> {
    return { sid: text.sid, to: text.to, from: text.from, body: text.body, status: text.status, direction: 'outbound-api', num_segments: '1', price: '-0.00790', price_unit: 'USD', date_created: text.created.toUTCString(), date_updated: text.created.toUTCString(), date_sent: null, error_code: null, error_message: null, account_sid: this.accountSid, api_version: '2010-04-01' };
  }
}

/** Twilio's webhook overrides stand behind `#`; they are neither sent nor signed. */
const withoutOverrides = (url: string): string => url.split('#')[0] ?? url;
