import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api"
import { describe, expect, test } from "vitest"
import { codes, failureOf } from "../../../adapters/slack/failures.ts"
import { DeliveryFailure, type Failure } from "../../../src/platform/failure.ts"

const refused = (error: string) => failureOf(new WebAPIPlatformError({ ok: false, error }))
const answered = (status: number) => failureOf(new WebAPIHTTPError(status, "", {}, "<html>a page</html>"))

const expected: Readonly<Record<Exclude<Failure["reason"], "busy">, readonly string[]>> = {
  unreachable: [
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "user_not_found",
    "users_not_found",
    "user_not_visible",
    "user_disabled",
    "cannot_dm_bot",
    "invalid_user_combination",
    "app_access_restricted",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
  ],
  denied: [
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "access_denied",
    "accesslimited",
    "team_access_not_granted",
    "enterprise_is_restricted",
    "ekm_access_denied",
    "restricted_action",
    "two_factor_setup_required",
    "messages_tab_disabled",
    "not_enabled",
  ],
  uncertain: ["fatal_error", "internal_error", "service_unavailable", "request_timeout"],
  invalid: [
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_too_long",
    "msg_blocks_too_long",
    "no_text",
    "invalid_arguments",
    "view_too_large",
    "a_code_of_tomorrow",
  ],
}

describe("a failure of Slack's", () => {
  test.each(Object.entries(expected).flatMap(([reason, list]) => list.map((code) => [code, reason] as const)))("%s is %s", (code, reason) => {
    expect(refused(code)).toEqual({ reason, detail: code })
  })

  test.each([
    ["ratelimited", 30_000],
    ["rate_limited", 30_000],
    ["message_limit_exceeded", 30_000],
    ["team_added_to_org", 600_000],
    ["org_login_required", 600_000],
  ])("%s is busy, tried again after %i ms", (code, retryAfterMs) => {
    expect(refused(code)).toEqual({ reason: "busy", retryAfterMs })
  })

  test("every code that has a reason is in these tables", () => {
    const { busy, ...others } = codes
    for (const [reason, list] of Object.entries(others)) expect([...list].sort()).toEqual([...expected[reason as keyof typeof others]].sort())
    expect([...busy].sort()).toEqual(["message_limit_exceeded", "org_login_required", "rate_limited", "ratelimited", "team_added_to_org"])
    const all = Object.values(codes).flat()
    expect(new Set(all).size).toBe(all.length)
  })

  test.each([
    [7, 7_000],
    [0.5, 500],
    [0, 30_000],
    [-1, 30_000],
    [Number.NaN, 30_000],
    [Number.POSITIVE_INFINITY, 3_600_000],
    [86_400, 3_600_000],
  ])("a Retry-After of %s is believed within reason", (seconds, retryAfterMs) => {
    expect(failureOf(new WebAPIRateLimitedError(seconds))).toEqual({ reason: "busy", retryAfterMs })
  })

  test("a 429 whose Retry-After nobody can read is busy too", () => {
    expect(answered(429)).toEqual({ reason: "busy", retryAfterMs: 30_000 })
    const unread = new Error("Retry header did not contain a valid timeout (url: https://slack.com/api/chat.postMessage, retry-after header: null)")
    expect(failureOf(unread)).toEqual({ reason: "busy", retryAfterMs: 30_000 })
  })

  test("what may have been done is uncertain, what cannot have been is not", () => {
    for (const status of [500, 502, 503, 504, 408, 301]) expect(answered(status)).toEqual({ reason: "uncertain", detail: `http_${status}` })
    for (const status of [400, 401, 403, 404, 413]) expect(answered(status)).toEqual({ reason: "invalid", detail: `http_${status}` })
    expect(failureOf(new WebAPIRequestError(new Error("socket hang up")))).toEqual({ reason: "uncertain", detail: "request_failed" })
  })

  test("a page answered with 200 gives no words away", () => {
    expect(refused("<html>Ana Reyes</html>")).toEqual({ reason: "uncertain", detail: "unreadable_response" })
    expect(refused("")).toEqual({ reason: "uncertain", detail: "unreadable_response" })
  })

  test("what the SDK did not throw is uncertain, what is known already stays as it is", () => {
    for (const error of [new Error("Ana Reyes"), "Ana", null, undefined, { reason: "busy" }])
      expect(failureOf(error)).toEqual({ reason: "uncertain", detail: "unknown_error" })
    const known: Failure = { reason: "denied", detail: "no_token" }
    expect(failureOf(new DeliveryFailure(known))).toBe(known)
  })
})
