import { toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { GroupSessionsGoOn, MoreSeatsTaken } from './visit-type.errors';

/** Refuses seats that sessions which are still to take place do not fit into. Throws GroupSessionsGoOn, MoreSeatsTaken. */
export async function requireRoomForSeats(tx: Tx, { id, seats }: { readonly id: string; readonly seats: number | null }): Promise<void> {
  const [present] = await tx.query<{ seats: number | null }>('SELECT seats FROM visit_type WHERE id = $1', [id]);
  if (!present || present.seats === null || (seats !== null && seats >= present.seats)) return;
  // Why so strongly: whoever takes a seat at this moment waits, and then looks at the seats once more (`lock_seats`).
  await tx.query('SELECT id FROM visit_type WHERE id = $1 FOR UPDATE', [id]);
  const sessions = await tx.query<{ taken: number }>(
    `SELECT (SELECT count(*)::int FROM occupancy o WHERE o.group_session_id = g.id AND o.active AND num_nonnulls(o.hold_id, o.appointment_id) > 0) AS taken
     FROM group_session g WHERE g.visit_type_id = $1 AND g.open AND g.ends_at > $2`, [id, toDate(tx.now)]);
  if (seats === null && sessions.length > 0) throw new GroupSessionsGoOn(sessions.length);
  const most = Math.max(0, ...sessions.map(({ taken }) => taken));
  if (seats !== null && most > seats) throw new MoreSeatsTaken(most);
}
