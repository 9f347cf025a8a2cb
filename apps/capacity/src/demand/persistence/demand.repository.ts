import { Injectable } from '@nestjs/common';
import type { EventData, ReferralSnapshot, WaitlistEntryAdded } from '@slotmesh/contracts';
import { type Instant, formatInstant, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/** How far along each status is; an end of its own moves nothing on. */
const REACHED: Readonly<Record<ReferralSnapshot['status'], number>> = { sent: 1, received: 2, accepted: 3, authorised: 3, scheduled: 4, seen: 5, 'note-returned': 6, closed: 0, declined: 0, cancelled: 0 };

@Injectable()
export class DemandRepository {
  async startWaiting(tx: Tx, e: EventData<typeof WaitlistEntryAdded>, at: Instant): Promise<void> {
    await tx.execute('INSERT INTO waiting (id, practice, service, added_at, changed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING', [e.id, e.practice, e.service, formatInstant(e.at), formatInstant(at)]);
  }

  async endWaiting(tx: Tx, id: string, outcome: string, ended: Instant, at: Instant): Promise<void> {
    await tx.execute('UPDATE waiting SET outcome = $2, ended_at = $3, changed_at = $4 WHERE id = $1', [id, outcome, formatInstant(ended), formatInstant(at)]);
  }

  /** Its status as it stands, and the furthest that it ever came: a visit that was missed was booked all the same. */
  async saveReferral(tx: Tx, r: ReferralSnapshot, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO referral AS f (id, sender, receiver, service, sent_day, status, reached, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id) DO UPDATE SET receiver = excluded.receiver, status = excluded.status, reached = greatest(f.reached, excluded.reached), changed_at = excluded.changed_at`,
      [r.id, r.sender, r.receiver, r.service, localDateOf(r.sentAt, r.zone), r.status, REACHED[r.status], formatInstant(at)]);
  }
}
