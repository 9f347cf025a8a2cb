import { Injectable } from '@nestjs/common';
import { MessageCosted, messageId, practiceId } from '@slotmesh/contracts';
import { DAY, type Instant, MINUTE, formatInstant, instantOfDate, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, eventOf, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { type CostOfText, Texts } from '../../providers/texts';

/** The carrier has billed most texts by then. */
const FIRST_LOOK = 2 * MINUTE;
/** Real time between two looks at one sender. */
const EACH = 10 * MINUTE;
/** What has no price by then gets none any more. */
const GIVE_UP = 3 * DAY;

const sender = z.object({ host: practiceId, sender_number: z.string(), since: z.date().transform(instantOfDate), until: z.date().transform(instantOfDate) });
type Sender = z.output<typeof sender>;
const priced = z.object({ id: z.uuid(), message: messageId });

/** Asks the provider what texts have cost: the answer to sending them does not tell. Nothing depends on it, so it hurries nobody and is asked again after trouble. */
@Injectable()
export class ReadCosts {
  private readonly looked = new Map<string, number>();

  constructor(private readonly work: UnitOfWork, private readonly texts: Texts) {}

  /** Returns how many senders it asked about. */
  async execute(): Promise<number> {
    const due = (await this.work.run(workerFor('costs', null), (tx) => this.senders(tx))).filter(({ host }) => Date.now() - (this.looked.get(host) ?? 0) > EACH);
    for (const each of due) {
      this.looked.set(each.host, Date.now());
      await this.of(each);
    }
    return due.length;
  }

  private async senders(tx: Tx): Promise<Sender[]> {
    return z.array(sender).parse(await tx.query(
      `SELECT t.host, p.sender_number, min(t.intent_at) AS since, max(t.intent_at) AS until FROM attempt t JOIN practice p ON p.id = t.host
       WHERE t.channel = 'sms' AND t.state = 'accepted' AND t.cost_micros IS NULL AND t.intent_at BETWEEN $1 AND $2 GROUP BY t.host, p.sender_number`,
      [new Date(plusMs(tx.now, -GIVE_UP)), new Date(plusMs(tx.now, -FIRST_LOOK))],
    ));
  }

  private async of({ host, sender_number: from, since, until }: Sender): Promise<void> {
    const costs = await this.texts.costs({ from, since, until: plusMs(until, DAY) as Instant });
    await this.work.run(workerFor('costs', host), async (tx) => {
      for (const cost of costs) await this.keep(tx, host, cost);
    });
  }

  private async keep(tx: Tx, host: Sender['host'], { sid, micros, currency, segments }: CostOfText): Promise<void> {
    const [row] = await tx.query('UPDATE attempt SET cost_micros = $2, cost_currency = $3, segments = $4 WHERE provider_id = $1 AND cost_micros IS NULL RETURNING id, message_id AS message', [sid, micros, currency, segments]);
    if (!row) return;
    const { id, message } = priced.parse(row);
    tx.outbox.add(eventOf(MessageCosted, { key: message, host }, { id: message, host, attempt: id, channel: 'sms', segments, micros, currency, at: formatInstant(tx.now) }));
  }
}
