// When Slack hears that an event was taken: after the core has it, over HTTP and in Socket Mode; and what becomes of it when the line goes.
import { afterEach, describe, expect, test } from "vitest"
import { type Answer, quiet, say } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { message, text } from "../../../src/platform/message.ts"
import { prose } from "../../../src/platform/prose.ts"
import { openSlackStage, type SlackStage, type StageOptions } from "../slack-harness.ts"
import { general } from "./vendor/vendor.ts"

const stages: SlackStage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

/** A core that is held until it is let go, one call after the other. */
async function held(transport: "http" | "socket", answer: (event: InboundEvent) => Answer = () => quiet, options: StageOptions = {}) {
  const events: InboundEvent[] = []
  const waiting: (() => void)[] = []
  let arrived: () => void = () => undefined
  let holding = true
  const stage = await openSlackStage(
    async (event) => {
      events.push(event)
      arrived()
      if (holding) await new Promise<void>((resolve) => waiting.push(resolve))
      return answer(event)
    },
    { transport, ...options },
  )
  stages.push(stage)
  return {
    stage,
    events,
    /** Resolves once the core was called this often. */
    called: async (times: number): Promise<void> => {
      while (events.length < times) await new Promise<void>((resolve) => (arrived = resolve))
    },
    letGo: (): void => {
      holding = false
      for (const go of waiting.splice(0)) go()
    },
  }
}

const hello = say(message("Hello", [text(prose`Hello there.`)]))
const timesShown = (stage: SlackStage) => stage.vendor.seenBy("U0AVERY").filter(({ fromBot }) => fromBot).length

describe.each(["http", "socket"] as const)("over %s", (transport) => {
  test("an event is acknowledged only once the core has it, and answered only then", async () => {
    const { stage, called, letGo } = await held(transport, () => hello)
    let heard = false
    const saying = stage.vendor.say("U0AVERY", "a line").then((delivered) => {
      heard = true
      return delivered
    })
    await called(1)
    // Whole round trips, in which an early acknowledgement would have come back.
    await (transport === "socket" ? stage.vendor.socket.heard() : fetch(`${stage.origin}/nothing`).then((response) => response.text()))
    expect([heard, timesShown(stage)]).toEqual([false, 0])
    letGo()
    expect((await saying).accepted).toBe(true)
    await stage.slack.settled()
    expect(timesShown(stage)).toBe(1)
  })

  test("what the core could not take comes again under the same id, and is answered once", async () => {
    let down = true
    const ids: string[] = []
    const stage = await openSlackStage(
      async (event) => {
        ids.push(event.id)
        if (down) throw new Error("words that nobody may log")
        return hello
      },
      { transport },
    )
    stages.push(stage)
    expect((await stage.vendor.say("U0AVERY", "a line")).accepted).toBe(false)
    down = false
    expect((await stage.vendor.redeliver()).accepted).toBe(true)
    await stage.slack.settled()
    expect([new Set(ids).size, ids.length, timesShown(stage)]).toEqual([1, 2, 1])
    expect(stage.reports).toContainEqual({ event: "slack_event_refused", fields: { kind: "said" } })
    expect(JSON.stringify(stage.reports)).not.toContain("words")
  })

  test("a command's answer rides in its acknowledgement, and a command that was not taken shows nothing", async () => {
    let down = true
    const stage = await openSlackStage(
      async () => {
        if (down) throw new Error("away")
        return hello
      },
      { transport },
    )
    stages.push(stage)
    expect((await stage.vendor.command("U0AVERY", "mentee", "Ada", general)).accepted).toBe(false)
    expect(timesShown(stage)).toBe(0)
    down = false
    const before = stage.vendor.requests()
    expect((await stage.vendor.command("U0AVERY", "mentee", "Ada", general)).accepted).toBe(true)
    expect([timesShown(stage), stage.vendor.requests() - before]).toEqual([1, 0])
  })

  test("stopping waits for what is under way", async () => {
    const { stage, called, letGo } = await held(transport, () => hello)
    const saying = stage.vendor.say("U0AVERY", "a line")
    await called(1)
    const stopping = stage.slack.stop()
    letGo()
    expect((await saying).accepted).toBe(true)
    await stopping
    expect(timesShown(stage)).toBe(1)
  })
})

describe("over HTTP", () => {
  test("a core that is slower than Slack waits loses nothing, and breaks nothing", async () => {
    const { stage, letGo, events } = await held("http", () => hello)
    expect((await stage.vendor.say("U0AVERY", "a line")).accepted).toBe(false)
    await expect.poll(() => stage.reports).toContainEqual({ event: "slack_answer_late", fields: {} })
    letGo()
    expect((await stage.vendor.redeliver()).accepted).toBe(true)
    await stage.slack.settled()
    expect([events.length, new Set(events.map(({ id }) => id)).size]).toEqual([2, 1])
  })
})

describe("in Socket Mode", () => {
  test.each(["warning", "refresh_requested"] as const)("a disconnect (%s) in the middle of an event loses nothing", async (reason) => {
    const { stage, called, letGo, events } = await held("socket", () => hello)
    const saying = stage.vendor.say("U0AVERY", "a line")
    await called(1)
    stage.vendor.socket.sayDisconnect(reason)
    // On the new connection Slack sends what nobody acknowledged.
    await called(2)
    letGo()
    expect((await saying).accepted).toBe(true)
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
    expect((await stage.vendor.say("U0AVERY", "another")).accepted).toBe(true)
    expect(stage.vendor.socket.waiting()).toBe(0)
  })

  test("nor does a connection that is cut", async () => {
    const { stage, called, letGo, events } = await held("socket")
    const saying = stage.vendor.say("U0AVERY", "a line")
    await called(1)
    stage.vendor.socket.cut()
    await called(2)
    letGo()
    expect((await saying).accepted).toBe(true)
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
  })

  test("events that come while nobody is connected wait for the next connection", async () => {
    const { stage, letGo, events } = await held("socket")
    letGo()
    stage.vendor.socket.cut()
    await expect.poll(() => stage.vendor.socket.connections()).toBe(0)
    const saying = stage.vendor.say("U0AVERY", "a line")
    await stage.vendor.socket.opened()
    expect((await saying).accepted).toBe(true)
    expect(events).toHaveLength(1)
  })

  test.each(["internal_error", "invalid_auth", "cut_before", "http:503", "rate:1", "page"])(
    "a door that does not open (%s) is told of and tried again",
    async (trouble) => {
      const { stage, letGo } = await held("socket")
      letGo()
      stage.vendor.fail(trouble, "apps.connections.open")
      stage.vendor.fail(trouble, "apps.connections.open")
      stage.vendor.socket.cut()
      await expect.poll(() => stage.vendor.socket.connections(), { timeout: 5_000 }).toBe(0)
      await stage.vendor.socket.opened()
      expect(stage.reports.filter(({ event }) => event === "socket_failed")).toHaveLength(2)
      expect((await stage.vendor.say("U0AVERY", "a line")).accepted).toBe(true)
    },
  )

  test.each(["not json", "null", "17", "[]", "{}", '{"type":"events_api"}', '{"type":"events_api","envelope_id":"e","payload":{"event":null}}'])(
    "a frame that cannot be read is passed over: %s",
    async (frame) => {
      const { stage, letGo, events } = await held("socket")
      letGo()
      stage.vendor.socket.raw(frame)
      await stage.vendor.socket.heard()
      expect((await stage.vendor.say("U0AVERY", "a line")).accepted).toBe(true)
      expect(events).toHaveLength(1)
    },
  )

  describe("stops within a second", () => {
    const withinASecond = (stopping: Promise<void>) =>
      Promise.race([
        stopping.then(() => "stopped"),
        new Promise((resolve) => {
          setTimeout(() => resolve("too late"), 1_000).unref()
        }),
      ])

    test("while all is well, and its connection is gone", async () => {
      const { stage } = await held("socket")
      expect(await withinASecond(stage.slack.stop())).toBe("stopped")
      await expect.poll(() => stage.vendor.socket.connections()).toBe(0)
    })

    test("where Slack never answers the farewell", async () => {
      const { stage } = await held("socket")
      stage.vendor.socket.fallSilent()
      expect(await withinASecond(stage.slack.stop())).toBe("stopped")
    })

    test("while the core still holds an event", async () => {
      const { stage, called, letGo } = await held("socket")
      const saying = stage.vendor.say("U0AVERY", "a line")
      await called(1)
      expect(await withinASecond(stage.slack.stop())).toBe("stopped")
      letGo()
      void saying
    })

    test("while it waits for a door that never opens", async () => {
      const { stage } = await held("socket")
      stage.vendor.fail("hang", "apps.connections.open")
      stage.vendor.socket.cut()
      await expect.poll(() => stage.vendor.calls.filter(({ method }) => method === "apps.connections.open").length).toBe(2)
      expect(await withinASecond(stage.slack.stop())).toBe("stopped")
      expect(stage.vendor.socket.connections()).toBe(0)
    })
  })
})
