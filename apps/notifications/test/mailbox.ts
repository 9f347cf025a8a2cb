import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

/** A real SMTP server that keeps what it gets, or breaks off after DATA when told to. */
export class Mailbox {
  readonly mails: ParsedMail[] = [];
  /** As they came over the wire, with the sender of the envelope; in the order of `mails`. */
  readonly wire: { readonly raw: Buffer; readonly sender: string }[] = [];
  /** The connection ends without an answer after the message was taken. */
  breakAfterData = false;
  private readonly server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      void simpleParser(stream).then((mail) => {
        this.mails.push(mail);
        this.wire.push({ raw: Buffer.concat(parts), sender: session.envelope.mailFrom ? session.envelope.mailFrom.address : '' });
        if (!this.breakAfterData) return done();
        for (const connection of this.server.connections) connection._socket?.destroy();
      }, () => done(new Error('the connection ended before the message did')));
    },
  }) as SMTPServer & { connections: Set<{ _socket?: { destroy(): void } }> };

  async start(): Promise<this> {
    this.server.on('error', () => undefined);
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }
  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
  wireTo = (address: string) => this.wire.find((_, index) => [this.mails[index]?.to ?? []].flat().some((list) => list.value.some((one) => one.address === address)));
  to = (address: string): ParsedMail[] => this.mails.filter(({ to }) => [to ?? []].flat().some((list) => list.value.some((one) => one.address === address)));
}
