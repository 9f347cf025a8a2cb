/** What the caller may do about it; platform maps each kind to one HTTP status in one exhaustive table. */
export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'gone' | 'precondition' | 'unprocessable' | 'too-many' | 'unavailable';

/**
 * A rule of the domain said no. `code` is stable and kebab-case (it becomes the problem's `type` and `code`), the message tells a person what to do next
 * and never holds a person's data; `details` are safe to show.
 */
export class DomainError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** Something that the process depends on is away (database, broker, another service). Never a reason to park an event. */
export class InfrastructureError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'InfrastructureError';
  }
}
