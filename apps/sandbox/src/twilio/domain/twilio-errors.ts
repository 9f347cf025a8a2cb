/** What the API refuses with: {code, message, more_info, status}, as twilio-node's RestException reads it. */
export class TwilioError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }

  body(): { code: number; message: string; more_info: string; status: number } {
    return { code: this.code, message: this.message, more_info: `https://www.twilio.com/docs/errors/${this.code}`, status: this.status };
  }
}

export const authenticate = () => new TwilioError(20003, 'Authenticate', 401);
export const tooManyRequests = () => new TwilioError(20429, 'Too Many Requests', 429);
export const serverError = () => new TwilioError(20500, 'Internal Server Error', 500);
export const notFound = (path: string) => new TwilioError(20404, `The requested resource ${path} was not found`, 404);
export const methodNotAllowed = () => new TwilioError(20004, 'Method not allowed', 405);

const DELIVERY: ReadonlyMap<number, string> = new Map([
  [30001, 'Queue overflow'],
  [30002, 'Account suspended'],
  [30003, 'Unreachable destination handset'],
  [30004, 'Message blocked'],
  [30005, 'Unknown destination handset'],
  [30006, 'Landline or unreachable carrier'],
  [30007, 'Message filtered'],
  [30008, 'Unknown error'],
  [30017, 'Carrier network congestion'],
  [30022, 'US A2P 10DLC - Rate Limits Exceeded'],
  [30023, 'US A2P 10DLC - Daily Message Cap Reached'],
  [30036, 'Validity Period Expired'],
  [30410, 'Provider Timeout Error'],
]);

/** The text beside error_code of a message that was taken but did not arrive. */
export function deliveryErrorMessage(code: number | null): string | null {
  return code === null ? null : (DELIVERY.get(code) ?? 'Unknown error');
}
