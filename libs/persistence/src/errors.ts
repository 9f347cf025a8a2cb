import { InfrastructureError } from '@slotmesh/kernel';

/** SQLSTATE classes that speak of the server or the connection, not of the statement: connection, resources, operator intervention, system error. */
const INFRASTRUCTURE = /^(08|53|57|58|XX)/;
const TRANSIENT = new Set(['40P01', '40001', '55P03']);
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENOENT']);

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '');

/** The database is away, full or restarting: wait and try again; nothing is wrong with what was asked. */
export function isInfrastructureFailure(error: unknown): boolean {
  if (error instanceof InfrastructureError) return true;
  const code = codeOf(error);
  if (INFRASTRUCTURE.test(code) || SOCKET.has(code)) return true;
  return error instanceof Error && /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Driver not Connected|pool is ended|Cannot use a pool after/i.test(error.message);
}

/** What was read has changed before it was locked: UnitOfWork runs the transaction again from its start. */
export class StartAgain extends Error {
  readonly code = '40001';
}

/** Deadlock, serialisation failure, lock time-out: the same transaction may simply run again. */
export const isTransientConflict = (error: unknown): boolean => TRANSIENT.has(codeOf(error));

export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  codeOf(error) === '23505' && (constraint === undefined || (typeof error === 'object' && error !== null && 'constraint' in error && error.constraint === constraint));
