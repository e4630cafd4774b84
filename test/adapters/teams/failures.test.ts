import { describe, expect, test } from "vitest"
import { failureOf, loginRefusalOf, ofOnePerson, refusalOf } from "../../../adapters/teams/failures.ts"
import { DeliveryFailure } from "../../../src/platform/failure.ts"

const now = new Date("2027-01-11T10:00:00Z")
const heard = (status: number, body: unknown = "", retryAfter?: string) => ({
  status,
  headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
  text: typeof body === "string" ? body : JSON.stringify(body),
})
const coded = (code: string) => ({ error: { code, message: "Words of Teams' that are told to nobody." } })

describe("an answer that is no success", () => {
  test.each(ofOnePerson)("of %s is about one person, wherever the code stands", (code) => {
    const failure = { reason: "unreachable", detail: code }
    const nested = JSON.stringify({ subCode: code, details: "Thread is blocked.", errorCode: null })
    expect(refusalOf(heard(403, coded(code)), now)).toEqual(failure)
    expect(refusalOf(heard(403, { errorCode: 209, message: nested }), now)).toEqual(failure)
    expect(refusalOf(heard(403, { error: { code: "Forbidden", message: `${code}-Thread is not writable` } }), now)).toEqual(failure)
    expect(refusalOf(heard(403, { error: { code: "Forbidden", innererror: { code } } }), now)).toEqual(failure)
  })

  test.each([
    [heard(403, coded("BotDisabledByAdmin")), { reason: "denied", detail: "BotDisabledByAdmin" }],
    [heard(403), { reason: "denied", detail: "http_403" }],
    [heard(401, coded("Unauthorized")), { reason: "denied", detail: "Unauthorized" }],
    [heard(404, coded("ConversationNotFound")), { reason: "unreachable", detail: "ConversationNotFound", lost: true }],
    [heard(400, coded("BadSyntax")), { reason: "invalid", detail: "BadSyntax" }],
    [heard(405), { reason: "invalid", detail: "http_405" }],
    [heard(408), { reason: "uncertain", detail: "http_408" }],
    [heard(502, "<html>Bad Gateway</html>"), { reason: "uncertain", detail: "http_502" }],
    [heard(304), { reason: "uncertain", detail: "http_304" }],
  ])("%j", (answer, failure) => {
    expect(refusalOf(answer, now)).toEqual(failure)
  })

  test.each([undefined, "0", "-1", "soon", "", "1e9", "Mon, 11 Jan 2027 09:00:00 GMT"])(
    "to be repeated after %j is repeated after a second",
    (retryAfter) => {
      for (const status of [429, 412]) expect(refusalOf(heard(status, "", retryAfter), now)).toEqual({ reason: "busy", retryAfterMs: 1_000 })
    },
  )

  test.each([
    ["7", 7_000],
    ["1.5", 1_500],
    ["99999", 3_600_000],
    ["Mon, 11 Jan 2027 10:01:00 GMT", 60_000],
  ])("to be repeated after %j is believed up to an hour", (retryAfter, retryAfterMs) => {
    expect(refusalOf(heard(429, "", retryAfter), now)).toEqual({ reason: "busy", retryAfterMs })
  })

  test.each([coded("a sentence with a name in it"), coded("403"), coded(""), { error: "text" }, [], "not json", '{"error":null}'])(
    "whose code is none (%j) says its status and no words",
    (body) => {
      expect(refusalOf(heard(400, body), now)).toEqual({ reason: "invalid", detail: "http_400" })
    },
  )
})

describe("somebody who has not the app", () => {
  const words = "Bot is not installed in user's personal scope"
  test.each(["BadArgument", "Forbidden", "ForbiddenOperationException"])("is one person, whatever code Teams gives it: %s", (code) => {
    for (const isOpening of [true, false])
      expect(refusalOf(heard(403, { error: { code, message: words } }), now, isOpening)).toEqual({ reason: "unreachable", detail: "not_installed" })
  })

  test("is one person where no conversation with them can be opened, and nothing is said of why", () => {
    expect(refusalOf(heard(403), now, true)).toEqual({ reason: "unreachable", detail: "http_403" })
    expect(refusalOf(heard(403, coded("Forbidden")), now, true)).toEqual({ reason: "unreachable", detail: "Forbidden" })
  })

  test("is not to be confused with an app that the tenant turned off", () => {
    expect(refusalOf(heard(403, coded("BotDisabledByAdmin")), now, true)).toEqual({ reason: "denied", detail: "BotDisabledByAdmin" })
    expect(refusalOf(heard(401), now, true)).toEqual({ reason: "denied", detail: "http_401" })
  })
})

describe("an answer that is no token", () => {
  test.each([
    [heard(401, { error: "invalid_client", error_codes: [7_000_222] }), { reason: "denied", detail: "AADSTS7000222" }],
    [heard(400, { error: "unauthorized_client" }), { reason: "denied", detail: "unauthorized_client" }],
    [heard(400, "<html>"), { reason: "denied", detail: "login_http_400" }],
    [heard(302), { reason: "denied", detail: "login_http_302" }],
    [heard(503), { reason: "busy", retryAfterMs: 30_000 }],
    [heard(429, "", "9"), { reason: "busy", retryAfterMs: 9_000 }],
  ])("%j", (answer, failure) => {
    expect(loginRefusalOf(answer, now)).toEqual(failure)
  })
})

test("what is no failure of ours may have arrived", () => {
  expect(failureOf(new Error("words"))).toEqual({ reason: "uncertain", detail: "unknown_error" })
  expect(failureOf(new DeliveryFailure({ reason: "denied", detail: "x" }))).toEqual({ reason: "denied", detail: "x" })
})
