import type { ErrorClass } from './provider-errors';

/** What is known after a message was handed to a provider. */
export type SendingResult =
  | { readonly kind: 'accepted'; readonly providerId: string; readonly status: string }
  /** The provider said no: nothing left. */
  | { readonly kind: 'refused'; readonly class: ErrorClass; readonly code: number | null }
  /** Proven not to have been processed (429, refused connection): the same message may be tried again. */
  | { readonly kind: 'retry'; readonly why: 'rate' | 'unreachable' }
  /** It may have left: never tried again before it was looked up (P13). */
  | { readonly kind: 'unclear' };
