/** Twilio's status words in the order in which a text goes through them. Callbacks come in any order, so a status only ever rises. */
const RANK: Readonly<Record<string, number>> = { accepted: 1, scheduled: 1, queued: 2, sending: 3, sent: 4, delivered: 6, undelivered: 6, failed: 6, canceled: 6, read: 7 };

export const rankOf = (status: string): number => RANK[status] ?? 0;
/** What stands after a further report: the higher rank wins, the first of two final words stays. */
export const furthest = (present: string | null, reported: string): string => (present === null || rankOf(reported) > rankOf(present) ? reported : present);
export const isDelivered = (status: string): boolean => status === 'delivered' || status === 'read';
export const isFailed = (status: string): boolean => status === 'undelivered' || status === 'failed' || status === 'canceled';
