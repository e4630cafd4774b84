import { describe, expect, test } from "vitest"
import { createLog, type LogFields } from "../src/log.ts"

function logged(event: string, fields: LogFields): Record<string, unknown> {
  const lines: string[] = []
  createLog("info", { write: (line) => void lines.push(line) }).warn(event, fields)
  return JSON.parse(lines[0] ?? "{}") as Record<string, unknown>
}

describe("a log line", () => {
  test("carries ids, kinds, counts and durations", () => {
    const fields = { schoolId: "0a000000-0000-4000-8000-000000000001", kind: "prompt", sentCount: 3, tookMs: 12.5, reason: "busy" }
    expect(logged("delivery_settled", fields)).toMatchObject({ event: "delivery_settled", ...fields })
  })

  test("drops words, names, e-mails and whatever is nested, under any name", () => {
    const line = logged("reply_kept", {
      text: "I am sad",
      name: "Wren",
      kind: "I am sad",
      reason: "wren@school.example",
      personId: { name: "Wren" },
      detail: { deep: { words: "I am sad" } },
      status: ["Wren"],
    })
    expect(Object.keys(line).sort()).toEqual(["event", "level", "time"])
  })

  test("tells of an error its name, code and place, never its message", () => {
    const error = Object.assign(new Error("duplicate key (name)=(Wren)\n    at Wren (src/wren.ts:1:1)"), { code: "23505" })
    const line = logged("tick_failed", { error })
    expect(line).toMatchObject({ errorName: "Error", errorCode: "23505" })
    expect(JSON.stringify(line)).not.toMatch(/wren/i)
  })

  test("takes no sentence for an event", () => {
    expect(logged("Wren wrote: I am sad", {}).event).toBe("unnamed_event")
  })
})
