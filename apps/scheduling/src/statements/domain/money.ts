import { type Brand, DomainError } from '@slotmesh/kernel';

/** US dollars in whole cents; below zero where it is owed the other way round. */
export type Cents = Brand<number, 'Cents'>;
/** Full-time equivalents in hundredths: 250 are two and a half providers. */
export type FteHundredths = Brand<number, 'FteHundredths'>;
/** Room or staff time that the agreement contracts for one period, in whole minutes. Never time that was offered, booked or used. */
export type ContractedMinutes = Brand<number, 'ContractedMinutes'>;
/** A documented fair-market price of an hour. */
export type CentsPerHour = Brand<number, 'CentsPerHour'>;

/** More than any partnership shares; sums of a year stay far below what a number holds exactly. */
export const MOST_CENTS = 100_000_000_000;

export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new DomainError('unprocessable', 'amount-not-whole', 'An amount is a whole number of cents.');
  return (amount === 0 ? 0 : amount) as Cents;
}
export const sumOf = (amounts: Iterable<Cents>): Cents => cents([...amounts].reduce((sum: number, amount) => sum + amount, 0));

/** For people: `$1,234.56`, `-$0.05`. */
export function describeCents(amount: Cents | CentsPerHour): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}$${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`;
}
