import type { EventDefinition } from '@slotmesh/contracts';
import type { Tx } from '@slotmesh/persistence';
import type { ZodError } from 'zod';
import type { EventEnvelope, Received } from './received';

export type Handle = (event: Received, tx: Tx) => Promise<void>;

export type Read = { readonly ok: true; readonly event: Received } | { readonly ok: false; readonly reason: string };

/** Which code takes which type of event. Several handlers of one type run one after the other in the same transaction. */
export class EventHandlers {
  private readonly byType = new Map<string, { readonly definition: EventDefinition; readonly handles: Handle[] }>();
  /** Topics of which some handler takes everything. */
  private readonly whole = new Set<string>();
  private silent = false;

  /** From now on what handlers publish is forgotten: a rebuild must not tell the world the same facts again. */
  silence(): void {
    this.silent = true;
  }

  /** `across`: it takes only what names a booking practice. */
  add(definition: EventDefinition, handle: Handle, { across } = { across: false }): void {
    if (!across) this.whole.add(definition.topic);
    const known = this.byType.get(definition.type);
    if (known) known.handles.push(handle);
    else this.byType.set(definition.type, { definition, handles: [handle] });
  }

  get topics(): string[] {
    return [...new Set([...this.byType.values()].map(({ definition }) => definition.topic))].sort();
  }

  handles(type: string): boolean {
    return this.byType.has(type);
  }

  /** Whether nothing of its key concerns anybody here. */
  passesBy({ topic, booking }: Pick<EventEnvelope, 'topic' | 'booking'>): boolean {
    return booking === null && !this.whole.has(topic);
  }

  /** Reads the value by the contract of its type. */
  read(envelope: EventEnvelope, value: Buffer): Read {
    const known = this.byType.get(envelope.type);
    if (!known || this.passesBy(envelope)) return { ok: true, event: { ...envelope, data: undefined } };
    let json: unknown;
    try {
      json = JSON.parse(value.toString('utf8'));
    } catch {
      return { ok: false, reason: 'undecodable: the value is no JSON' };
    }
    const result = known.definition.schema.safeParse(json);
    return result.success ? { ok: true, event: { ...envelope, data: result.data } } : { ok: false, reason: breach(result.error) };
  }

  async handle(event: Received, tx: Tx): Promise<void> {
    const mark = tx.outbox.mark();
    for (const handle of this.byType.get(event.type)?.handles ?? []) await handle(event, tx);
    if (this.silent) tx.outbox.forgetSince(mark);
  }
}

const breach = (error: ZodError): string => `contract: ${error.issues.map((issue) => `${issue.path.join('.') || 'value'} ${issue.code}`).join('; ')}`.slice(0, 500);
