// Why a call to Slack failed, in the port's five reasons.
// Refuses to guess for a code it does not know: our message is then at fault, and the code is the detail.
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"

/** Codes of chat.postMessage, conversations.open, views.publish and of every method, as Slack's reference lists them; all others are `invalid`. */
export const codes: Readonly<Record<Exclude<Failure["reason"], "invalid">, readonly string[]>> = {
  busy: ["ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org", "org_login_required"],
  unreachable: [
    ...["channel_not_found", "is_archived", "not_in_channel", "user_not_found", "users_not_found", "user_not_visible", "user_disabled"],
    ...["cannot_dm_bot", "invalid_user_combination", "app_access_restricted", "restricted_action_read_only_channel"],
    ...["restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "restricted_action_thread_locked"],
  ],
  denied: [
    ...["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope", "no_permission"],
    ...["not_allowed_token_type", "access_denied", "accesslimited", "team_access_not_granted", "enterprise_is_restricted"],
    ...["ekm_access_denied", "restricted_action", "two_factor_setup_required", "messages_tab_disabled", "not_enabled"],
  ],
  uncertain: ["fatal_error", "internal_error", "service_unavailable", "request_timeout"],
}

/** What the error of a call comes to; `detail` is a code of Slack's or one of ours, never words out of a response. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DeliveryFailure) return error.failure
  if (error instanceof WebAPIRateLimitedError) return busy(error.retryAfter)
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error)
  if (error instanceof WebAPIHTTPError) return httpFailure(error.statusCode)
  if (error instanceof WebAPIRequestError) return { reason: "uncertain", detail: "request_failed" }
  // A 429 without a readable Retry-After has no class of its own in the SDK.
  if (error instanceof Error && error.message.startsWith("Retry header did not contain a valid timeout")) return busy(Number.NaN)
  return { reason: "uncertain", detail: "unknown_error" }
}

function platformFailure(code: string): Failure {
  // Where a gateway answers 200 with a page, the SDK hands over the page as the code.
  if (!/^\w{1,80}$/.test(code)) return { reason: "uncertain", detail: "unreadable_response" }
  if (codes.busy.includes(code)) return busy(migrating.includes(code) ? migrationSeconds : Number.NaN)
  for (const reason of ["unreachable", "denied", "uncertain"] as const) if (codes[reason].includes(code)) return { reason, detail: code }
  return { reason: "invalid", detail: code }
}

function httpFailure(status: number): Failure {
  if (status === 429) return busy(Number.NaN)
  return { reason: status >= 400 && status < 500 && status !== 408 ? "invalid" : "uncertain", detail: `http_${status}` }
}

// A workspace that moves into an organisation comes back by itself.
const migrating = ["team_added_to_org", "org_login_required"]
const migrationSeconds = 600
const usualSeconds = 30
const mostSeconds = 3_600

/** Slack's Retry-After in seconds, believed up to an hour; what is none is half a minute. */
function busy(seconds: number): Failure {
  return { reason: "busy", retryAfterMs: Math.min(seconds > 0 ? seconds : usualSeconds, mostSeconds) * 1_000 }
}
