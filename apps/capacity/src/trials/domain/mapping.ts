import { z } from 'zod';
import { ColumnMissing } from './trial.errors';

const column = z.string().min(1).max(200);
/** Which column of a file says what. */
export const mapping = z.strictObject({ start: column.optional(), booked: column.optional(), status: column.optional(), service: column.optional(), duration: column.optional() });
export type Mapping = z.output<typeof mapping>;
export type Role = keyof Mapping;

const NAMES: Readonly<Record<Role, readonly string[]>> = {
  start: ['start', 'starttime', 'startdate', 'date', 'day', 'visitdate', 'appointmentdate', 'appointmentstart', 'apptdate', 'appointmentday', 'servicedate', 'scheduledfor'],
  booked: ['booked', 'bookedon', 'bookedat', 'bookingdate', 'datebooked', 'scheduledon', 'scheduledday', 'created', 'createdon', 'createdat', 'datecreated', 'requestedon'],
  status: ['status', 'appointmentstatus', 'apptstatus', 'visitstatus', 'outcome', 'state'],
  service: ['service', 'servicecode', 'visittype', 'appointmenttype', 'appttype', 'type', 'reason'],
  duration: ['duration', 'durationminutes', 'minutes', 'length', 'lengthminutes', 'minutesduration'],
};
const roles: readonly Role[] = ['start', 'booked', 'status', 'service', 'duration'];
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/** What is not mapped is guessed by the names of the columns; without a column for it a role stays out. Throws ColumnMissing where the mapping names a column that is not there, or the day of the visit is nowhere. */
export function mappedTo(header: readonly string[], given: Mapping): { readonly mapping: Mapping; readonly indexOf: Readonly<Partial<Record<Role, number>>> } {
  const found = new Map<Role, number>();
  for (const role of roles) {
    const named = given[role];
    const index = named === undefined ? NAMES[role].map((name) => header.findIndex((one) => plain(one) === name)).find((at) => at >= 0 && ![...found.values()].includes(at)) ?? -1 : header.indexOf(named);
    if (index >= 0) found.set(role, index);
    else if (named !== undefined || role === 'start') throw new ColumnMissing(role, named !== undefined);
  }
  return { mapping: Object.fromEntries([...found].map(([role, index]) => [role, header[index]])), indexOf: Object.fromEntries(found) };
}
