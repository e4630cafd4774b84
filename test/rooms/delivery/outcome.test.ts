import { describe, expect, test } from "vitest"
import { outcomeOf, retryAfter, sendAgain, writeAgain } from "../../../src/delivery/outcome.ts"

const now = new Date("2027-02-04T20:00:00Z")
const secondsAfter = (at: Date | null) => (at === null ? null : (at.getTime() - now.getTime()) / 1_000)

describe("a vendor's Retry-After is believed between one second and one hour", () => {
  test.each([
    ["30 seconds", 30_000, 30_000],
    ["none", Number.NaN, 1_000],
    ["0", 0, 1_000],
    ["-1", -1_000, 1_000],
    ["1e9 seconds", 1e12, 3_600_000],
    ["without end", Number.POSITIVE_INFINITY, 3_600_000],
    ["without a beginning", Number.NEGATIVE_INFINITY, 1_000],
    ["a word", Number("abc"), 1_000],
    ["half a second", 500, 1_000],
  ])("%s", (_what, given, believed) => {
    expect(retryAfter(given)).toBe(believed)
  })

  test("and for safety never longer than a minute", () => {
    expect(retryAfter(1e12, true)).toBe(60_000)
    expect(retryAfter(30_000, true)).toBe(30_000)
  })
})

describe("a failure decides by its reason alone", () => {
  test("busy waits", () => {
    expect(outcomeOf({ reason: "busy", retryAfterMs: 30_000 }, now)).toEqual({ kind: "busy", again: new Date("2027-02-04T20:00:30Z") })
  })
  test("unreachable is refused, and is the address's trouble", () => {
    expect(outcomeOf({ reason: "unreachable", detail: "user_gone" }, now)).toEqual({ kind: "refused", code: "user_gone", unreachable: true })
  })
  test("invalid is refused, and is nobody's trouble but ours", () => {
    expect(outcomeOf({ reason: "invalid", detail: "too_long" }, now)).toEqual({ kind: "refused", code: "too_long", unreachable: false })
  })
  test("denied is the workspace's", () => {
    expect(outcomeOf({ reason: "denied", detail: "revoked" }, now)).toEqual({ kind: "denied", code: "revoked" })
  })
  test("uncertain stays uncertain", () => {
    expect(outcomeOf({ reason: "uncertain", detail: "timeout" }, now)).toEqual({ kind: "uncertain", code: "timeout" })
  })
})

test("what got lost is sent again at once, then after ever longer rests of at most a quarter of an hour", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 500].map((attempt) => secondsAfter(sendAgain(attempt, now)))).toEqual([0, 30, 60, 120, 240, 480, 900, 900])
})

test("a letter that fails is written again for about two hours, then given up", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => secondsAfter(writeAgain(attempt, now)))
  expect(waits).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, null])
})
