// Why a call to Slack failed, in the port's five reasons.
// Refuses to guess for a code it does not know: our message is then at fault, and the code is the detail.
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"

type Reason = Exclude<Failure["reason"], "busy">

const byReason: Readonly<Record<Reason, readonly string[]>> = {
  unreachable: ["channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot"],
  denied: ["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "messages_tab_disabled"],
  uncertain: ["fatal_error", "internal_error", "service_unavailable", "request_timeout"],
  invalid: ["invalid_blocks", "msg_too_long"],
}

const reasonOf: ReadonlyMap<string, Reason> = new Map(
  (Object.keys(byReason) as Reason[]).flatMap((reason) => byReason[reason].map((code) => [code, reason] as const)),
)

const busyCodes: readonly string[] = ["ratelimited", "rate_limited", "accesslimited"]

/** What a send does after a refusal that named no time. */
const defaultBusyMs = 30_000
const longestBusyMs = 3_600_000

export function failureOf(error: unknown): Failure {
  if (error instanceof DeliveryFailure) return error.failure
  if (error instanceof WebAPIRateLimitedError) return busy(error.retryAfter)
  if (error instanceof WebAPIHTTPError) return httpFailure(error)
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error)
  if (error instanceof WebAPIRequestError) return { reason: "uncertain", detail: "request_error" }
  return { reason: "uncertain", detail: "unknown_error" }
}

function platformFailure(code: string): Failure {
  if (busyCodes.includes(code)) return busy(Number.NaN)
  return { reason: reasonOf.get(code) ?? "invalid", detail: code }
}

function httpFailure({ statusCode, headers }: WebAPIHTTPError): Failure {
  if (statusCode === 429) return busy(Number.parseInt(headers["retry-after"] ?? "", 10))
  return { reason: statusCode >= 500 ? "uncertain" : "invalid", detail: `http_${statusCode}` }
}

function busy(seconds: number): Failure {
  const ms = seconds > 0 ? seconds * 1000 : defaultBusyMs
  return { reason: "busy", retryAfterMs: Math.min(ms, longestBusyMs) }
}
