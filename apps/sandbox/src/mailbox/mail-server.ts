import type { Socket } from 'node:net';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { Activity } from '../activity';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import type { Hit } from '../faults/domain/fault';
import { Faults } from '../faults/faults';
import { SandboxWork } from '../sandbox-work';
import { MailRepository } from './mail.repository';
import { readMail } from './read-mail';

const MAX_BYTES = 10 * 1024 * 1024;

class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** A real SMTP server that keeps every mail instead of sending it on. */
@Injectable()
export class MailServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly sockets = new Map<string, Socket>();
  private readonly hits = new WeakMap<SMTPServerSession, Hit>();
  private readonly server: SMTPServer;

  constructor(
    private readonly work: SandboxWork,
    private readonly mails: MailRepository,
    private readonly faults: Faults,
    private readonly activity: Activity,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {
    this.server = new SMTPServer({
      banner: 'Slotmesh sandbox: no mail leaves this machine',
      name: 'sandbox.slotmesh.example',
      size: MAX_BYTES,
      authOptional: true,
      // Why: a client upgrades wherever STARTTLS is offered, and would refuse a certificate made up here.
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 1_000,
      logger: false,
      onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
      onMailFrom: (_address, session, done) => {
        this.hits.delete(session);
        done();
      },
      onRcptTo: (address, session, done) => answer(this.admit(address.address, session), done),
      onData: (stream, session, done) => answer(this.activity.during(() => this.take(stream, session)), done),
    });
    this.server.on('error', (error) => this.logger.warn(error.message));
    this.server.server.on('connection', (socket: Socket) => this.remember(socket));
  }

  async onApplicationBootstrap(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(this.config.SMTP_PORT, this.config.HOST, () => {
        this.server.server.off('error', reject);
        resolve();
      });
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  /** The port that is listened on; differs from the configured one where that is 0. */
  get port(): number {
    const address = this.server.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.config.SMTP_PORT;
  }

  private async admit(address: string, session: SMTPServerSession): Promise<void> {
    if (!this.hits.has(session)) {
      const hit = await this.faults.strike('email', address.toLowerCase(), ['429', '500-before', '500-after', 'timeout-after', 'slow']);
      if (hit) this.hits.set(session, hit);
      if (hit?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, hit.delayMs));
    }
    const kind = this.hits.get(session)?.kind;
    if (kind === '429') throw new SmtpRefusal(421, '4.7.0 Too many messages, try again later');
    if (kind === '500-before') throw new SmtpRefusal(421, '4.3.2 Service not available');
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    if (stream.sizeExceeded) throw new SmtpRefusal(552, '5.3.4 Message too big');
    const raw = Buffer.concat(chunks);
    const { mailFrom, rcptTo } = session.envelope;
    const mail = await readMail(raw);
    await this.work.run((tx) => this.mails.add(tx, mail, mailFrom ? mailFrom.address : '', rcptTo.map((to) => to.address.toLowerCase()), raw));
    const kind = this.hits.get(session)?.kind;
    if (kind === '500-after') throw new SmtpRefusal(451, '4.3.0 Local error in processing');
    if (kind === 'timeout-after') this.sockets.get(keyOf(session))?.destroy();
  }

  private remember(socket: Socket): void {
    const key = keyOf(socket);
    this.sockets.set(key, socket);
    socket.once('close', () => this.sockets.delete(key));
  }
}

const keyOf = (end: { remoteAddress?: string | undefined; remotePort?: number | undefined }): string => `${(end.remoteAddress ?? '').replace(/^::ffff:/, '')} ${end.remotePort ?? ''}`;

function answer(work: Promise<void>, done: (error?: Error | null) => void): void {
  work.then(
    () => done(),
    (error: unknown) => done(error instanceof SmtpRefusal ? error : new SmtpRefusal(451, '4.3.0 The mail could not be stored')),
  );
}
