import { Controller } from '@nestjs/common';
import { AppointmentBooked, AppointmentCancelled, AppointmentRescheduled, AppointmentStatusChanged, SharedTimeEnded, SharedTimeOffered, SharedTimeReduced, agreementId } from '@slotmesh/contracts';
import { OnEvent, OnEventAcross, type Received, type ReceivedOneOf } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { PostToLedger } from './commands/post-to-ledger';
import { postingsOfEnded, postingsOfOffered, postingsOfReduced } from './domain/shared-time-postings';

type VisitChanged = ReceivedOneOf<typeof AppointmentBooked | typeof AppointmentRescheduled | typeof AppointmentCancelled | typeof AppointmentStatusChanged>;

/** The ledger hears of its own service by events, as others do: no booking waits for it, and what was published makes it again. */
@Controller()
export class LedgerConsumer {
  constructor(private readonly post: PostToLedger) {}

  @OnEventAcross(AppointmentBooked, AppointmentRescheduled, AppointmentCancelled, AppointmentStatusChanged)
  async visit(event: VisitChanged, tx: Tx): Promise<void> {
    const { appointment } = event.data;
    const agreement = appointment.agreement ?? (await agreementOf(tx, appointment.id));
    if (agreement) await this.post.visits(tx, [{ visit: { ...appointment, agreement }, step: event.sequence, at: event.time }]);
  }

  @OnEvent(SharedTimeOffered)
  async offered({ data, sequence }: Received<typeof SharedTimeOffered>, tx: Tx): Promise<void> {
    await this.post.sharedTime(tx, postingsOfOffered(data, sequence));
  }

  @OnEvent(SharedTimeReduced)
  async reduced({ data, sequence }: Received<typeof SharedTimeReduced>, tx: Tx): Promise<void> {
    await this.post.sharedTime(tx, postingsOfReduced(data, sequence));
  }

  @OnEvent(SharedTimeEnded)
  async ended({ data, sequence }: Received<typeof SharedTimeEnded>, tx: Tx): Promise<void> {
    await this.post.sharedTime(tx, postingsOfEnded(data, sequence));
  }
}

/** Of events from before they named it. */
async function agreementOf(tx: Tx, appointment: string) {
  const [row] = await tx.query<{ agreement_id: string | null }>('SELECT agreement_id FROM appointment WHERE id = $1', [appointment]);
  return row?.agreement_id ? agreementId.parse(row.agreement_id) : null;
}
