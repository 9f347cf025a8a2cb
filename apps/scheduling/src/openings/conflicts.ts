import { Counter } from 'prom-client';

/** Openings that a search showed and somebody else had when they were wanted. Labels hold no practice and no person. */
export const slotConflicts = new Counter({ name: 'slot_conflicts_total', help: 'Holds, bookings and moves refused because the time was taken.' });
