/**
 * Why a send failed; delivery decides on this alone. `busy`: try after the given time. `unreachable`: this person
 * cannot be written to; `lost`: not by this route any more, and perhaps by a new one. `denied`: the whole workspace refuses us. `invalid`: our message is at fault.
 * `uncertain`: it may have arrived.
 */
export type Failure =
  | { reason: "busy"; retryAfterMs: number }
  | { reason: "unreachable"; detail: string; lost?: true }
  | { reason: "denied"; detail: string }
  | { reason: "invalid"; detail: string }
  | { reason: "uncertain"; detail: string }

/** The one error that crosses the port. `detail` is a vendor's code, never words or names. */
export class DeliveryFailure extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.reason === "busy" ? `busy for ${failure.retryAfterMs} ms` : `${failure.reason}: ${failure.detail}`)
    this.name = "DeliveryFailure"
    this.failure = failure
  }
}
