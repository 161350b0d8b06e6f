/** An error as Google's REST interfaces tell it: the HTTP status, and a reason from the service's error table. */
export class GoogleFailure extends Error {
  override readonly name = 'GoogleFailure';
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}
