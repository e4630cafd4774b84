// The playground keeps the contract, and what is its own: its memory on disk, its guards, its live tabs.
import { appendFile, readFile, truncate } from "node:fs/promises"
import { request } from "node:http"
import { afterEach, describe, expect, test } from "vitest"
import { createHabits } from "../../adapters/playground/habits.ts"
import { visibleText } from "../../adapters/playground/render.ts"
import { type Answer, ask, quiet, say } from "../../src/platform/answer.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { form } from "../../src/platform/form.ts"
import { buttons, message, quote, text } from "../../src/platform/message.ts"
import { prose } from "../../src/platform/prose.ts"
import { describePlatform } from "./contract.ts"
import { keyOf, openPlaygroundHarness } from "./playground-harness.ts"
import { openStage, type Stage } from "./playground-stage.ts"

describePlatform("playground", openPlaygroundHarness)

const stages: Stage[] = []
const stageFor = async (
  receive: (event: InboundEvent) => Answer | Promise<Answer> = () => quiet,
  overrides: Parameters<typeof openStage>[1] = {},
) => {
  const stage = await openStage(async (event) => receive(event), overrides)
  stages.push(stage)
  return stage
}
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

const to = (user: string) => ({ account: { platform: "playground" as const, tenant: "playground", user }, route: `dm:${user}` })
const hello = message("Hello", [text(prose`Hello.`)])

/** What any of the calls may return. */
type Body = {
  items: readonly { id: string; by: string; text?: string }[]
  people: readonly { user: string; unread: number }[]
  habit: { on: boolean } | null
  clock: { moving: { from: string } | null }
  error: string
}

async function api(stage: Stage, path: string, body?: unknown) {
  const key = await keyOf(stage.origin)
  const response = await fetch(`${stage.origin}/playground/api/${path}`, {
    headers: { "X-Playground-Key": key, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Body }
}
const chat = async (stage: Stage, user: string) => (await api(stage, `chat?user=${user}`)).body.items

describe("the playground's memory", () => {
  test("a torn last line is passed over, and the next line is whole", async () => {
    const stage = await stageFor()
    await stage.playground.send(to("maya"), hello, "d-1")
    await appendFile(stage.journal, '{"kind":"sent","user":"maya","mess')
    await stage.playground.send(to("maya"), hello, "d-2")
    await stage.restart()
    expect(await chat(stage, "maya")).toHaveLength(2)
    expect(await stage.playground.find(to("maya"), "d-2", new Date(0))).toMatchObject({ messageId: "b-id-2" })
  })

  test("what another process sends is seen at once, and found", async () => {
    const stage = await stageFor()
    const line = { kind: "sent", user: "maya", at: "2026-03-12T20:45:00Z", place: "direct", messageId: "b-x", deliveryId: "d-9", message: hello }
    await appendFile(stage.journal, `${JSON.stringify(line)}\n`)
    expect((await chat(stage, "maya")).map((item) => item.id)).toEqual(["b-x"])
    expect(await stage.playground.find(to("maya"), "d-9", new Date(0))).toMatchObject({ messageId: "b-x" })
  })

  test("each send is one line", async () => {
    const stage = await stageFor()
    await stage.playground.send(to("maya"), hello, "d-1")
    expect((await readFile(stage.journal, "utf8")).trimEnd().split("\n")).toHaveLength(1)
  })

  test("a conversation is there after a restart: words, answers, what was changed and what is unread", async () => {
    const stage = await stageFor((event) => (event.kind === "said" ? say(hello) : quiet))
    await api(stage, "events", { id: "e1", user: "maya", kind: "said", text: "first words" })
    await api(stage, "events", { id: "e2", user: "maya", kind: "edited", messageId: "m-e1", text: "better words" })
    await stage.restart()
    expect(await chat(stage, "maya")).toMatchObject([{ text: "better words", changed: expect.any(String) }, { by: "bot" }])
    const person = (await api(stage, "people")).body.people.find((one) => one.user === "maya")
    expect(person?.unread).toBe(1)
  })

  test("an emptied journal is an empty playground", async () => {
    const stage = await stageFor()
    await stage.playground.send(to("maya"), hello, "d-1")
    await truncate(stage.journal)
    expect(await chat(stage, "maya")).toEqual([])
    expect(await stage.playground.find(to("maya"), "d-1", new Date(0))).toBe("absent")
  })

  test("who blocked the bot cannot be written to until they let it back", async () => {
    const stage = await stageFor()
    await api(stage, "events", { id: "e1", user: "maya", kind: "left" })
    await expect(stage.playground.send(to("maya"), hello, "d-1")).rejects.toMatchObject({
      failure: { reason: "unreachable", detail: "blocked_by_user" },
    })
    await api(stage, "events", { id: "e2", user: "maya", kind: "arrived" })
    await expect(stage.playground.send(to("maya"), hello, "d-1")).resolves.toMatchObject({ messageId: expect.any(String) })
  })
})

describe("the playground's guards", () => {
  const raw = (stage: Stage, path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const call = request(`${stage.origin}${path}`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      call.on("error", reject).end()
    })

  test("a name that was made to point here is refused", async () => {
    const stage = await stageFor()
    expect(await raw(stage, "/playground", { Host: "evil.example:3000" })).toBe(403)
    expect(await raw(stage, "/playground", { Host: "localhost:3000" })).toBe(200)
    expect(await raw(stage, "/playground", { Host: "[::1]:3000" })).toBe(200)
  })

  test("reading needs the page's key too, and a key of an earlier start is refused", async () => {
    const stage = await stageFor()
    const old = await keyOf(stage.origin)
    expect(await raw(stage, "/playground/api/people", {})).toBe(401)
    await stage.restart()
    expect(await raw(stage, "/playground/api/people", { "X-Playground-Key": old })).toBe(401)
  })

  test("the page allows nothing but its own files", async () => {
    const stage = await stageFor()
    const policy = (await fetch(`${stage.origin}/playground`)).headers.get("content-security-policy")
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain("unsafe")
    expect(await raw(stage, "/playground/page/..%2fentry.ts", {})).toBe(404)
    expect(await raw(stage, "/playground/page/__proto__", {})).toBe(404)
  })

  test.each([
    ["not JSON", "{", 400],
    ["an array", "[]", 400],
    ["no kind", JSON.stringify({ id: "e", user: "maya" }), 400],
    ["an id with spaces", JSON.stringify({ id: "a b", user: "maya", kind: "opened_home" }), 400],
    ["empty words", JSON.stringify({ id: "e", user: "maya", kind: "said", text: " \n" }), 400],
    ["a number among the values", JSON.stringify({ id: "e", user: "maya", kind: "submitted", action: "a", target: "t", values: { a: 1 } }), 400],
    ["another person's message to edit", JSON.stringify({ id: "e", user: "maya", kind: "edited", messageId: "m-other", text: "x" }), 400],
    ["nobody", JSON.stringify({ id: "e", user: "nobody", kind: "opened_home" }), 404],
    ["33 kB", JSON.stringify({ id: "e", user: "maya", kind: "said", text: "x".repeat(33_000) }), 413],
    ["10,000 arrays in each other", "[".repeat(10_000) + "]".repeat(10_000), 400],
  ])("%s is refused with a sentence, and nothing reaches the core", async (_name, body, status) => {
    const events: InboundEvent[] = []
    const stage = await stageFor((event) => {
      events.push(event)
      return quiet
    })
    await api(stage, "events", { id: "first", user: "luis", kind: "said", text: "mine" })
    events.length = 0
    const refused = await api(stage, "events", body.replace("m-other", "m-first"))
    expect([refused.status, refused.body.error]).toEqual([status, expect.stringMatching(/[.]$/)])
    expect(events).toEqual([])
  })

  test("a fault of ours is a 500 with a sentence, and is reported", async () => {
    const reported: unknown[] = []
    const stage = await stageFor(
      () => {
        throw new Error("secret detail")
      },
      { report: (error) => reported.push(error) },
    )
    const { status, body } = await api(stage, "events", { id: "e", user: "maya", kind: "said", text: "hello" })
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain("secret")
    expect(reported).toHaveLength(1)
  })

  test("people that cannot be read make a send wait, nothing worse", async () => {
    const stage = await stageFor(() => quiet, { people: () => Promise.reject(new Error("database away")) })
    await expect(stage.playground.send(to("maya"), hello, "d-1")).rejects.toMatchObject({ failure: { reason: "busy" } })
  })
})

describe("what the playground shows", () => {
  test("controls that turn text around are taken out, emoji stay", () => {
    expect(visibleText(message("x", [quote("safe\u202Egnp.exe\u0000 \uD800 👩‍👩‍👧 ñ", null)]))).toBe("safegnp.exe \uFFFD 👩‍👩‍👧 ñ")
  })

  test("a tab hears what is sent to its person and not what is sent to others, and the stream ends with the server", async () => {
    const stage = await stageFor()
    const key = await keyOf(stage.origin)
    const response = await fetch(`${stage.origin}/playground/api/live?user=maya`, { headers: { "X-Playground-Key": key } })
    const heard: string[] = []
    const ended = (async () => {
      for await (const chunk of response.body ?? []) heard.push(Buffer.from(chunk).toString())
    })()
    await stage.playground.send(to("luis"), message("L", [text(prose`For Luis.`)]), "d-1")
    await stage.playground.send(to("maya"), message("M", [text(prose`For Maya.`)]), "d-2")
    await expect.poll(() => heard.join("")).toContain("For Maya.")
    expect(heard.join("")).not.toContain("For Luis.")
    expect(heard.join("")).toContain('"counts":{')
    await stage.playground.stop()
    await ended
  })

  test("what is said in the staff room is heard by staff in it, a command is not", async () => {
    const stage = await stageFor((event) => (event.kind === "commanded" ? say(hello) : quiet))
    await api(stage, "events", { id: "e1", user: "avery", where: "shared", kind: "said", text: "good morning" })
    await api(stage, "events", { id: "e2", user: "avery", where: "shared", kind: "commanded", command: "mentee", text: "Maya" })
    const room = async (user: string) => (await api(stage, `chat?user=${user}&place=shared`)).body.items.map((item) => item.text ?? "answer")
    expect(await room("avery")).toEqual(["good morning", "/mentee Maya", "answer"])
    expect(await room("jo")).toEqual(["good morning"])
  })

  test("the clock moves once at a time, and says how far it is", async () => {
    const stage = await stageFor()
    const started = await api(stage, "clock", { to: "next_school_day" })
    expect([started.status, started.body.clock.moving]).toEqual([202, expect.objectContaining({ from: "2026-03-12T20:45:00.000Z" })])
    expect((await api(stage, "clock", { to: "next_week" })).status).toBe(409)
    expect((await api(stage, "clock", { to: "yesterday" })).status).toBe(400)
    await expect.poll(async () => (await api(stage, "people")).body.clock.moving).toBeNull()
    expect(stage.clock.moves).toEqual(["next_school_day"])
  })
})

describe("the people who answer by habit", () => {
  const open = form({
    action: "give",
    id: "o1",
    title: "Go",
    submit: "Go",
    intro: [],
    fields: [{ kind: "paragraph", name: "words", label: "Words", max: 100 }],
  })
  const offer = message("Offer", [buttons({ action: "open", id: "o1", label: "Open" })])
  const habitsOf = (stage: Stage) =>
    createHabits({
      mailbox: stage.playground.mailbox,
      habits: new Map([["luis", { kind: "steady", firstMiss: null, missesEvery: null, silentFrom: null }]]),
      actions: { answer: ["open"], skip: [], read: [] },
      replies: (language) => [language === "es" ? "En español." : "In English."],
      varied: [],
      random: () => 0.1,
    })
  const hourLater = (stage: Stage) => new Date(stage.clock.now.getTime() + 3_600_000)

  test("they act as a person does: the bot is told, the conversation keeps it, nothing stays unread", async () => {
    const told: InboundEvent[] = []
    const stage = await stageFor((event) => {
      told.push(event)
      return event.kind === "pressed" ? ask(open) : say(hello)
    })
    const habits = habitsOf(stage)
    await stage.playground.send(to("luis"), offer, "d-1")
    expect(await habits.act(hourLater(stage))).toBe(1)
    expect(told).toMatchObject([
      { kind: "pressed", action: "open", from: to("luis"), where: "direct" },
      { kind: "submitted", action: "give", values: { words: "En español." } },
    ])
    expect(await chat(stage, "luis")).toMatchObject([{ pressed: ["open"] }, { by: "bot" }])
    expect((await api(stage, "people")).body.people.find(({ user }) => user === "luis")?.unread).toBe(0)
    await stage.restart()
    expect(await habitsOf(stage).act(hourLater(stage))).toBe(0)
  })

  test("whoever is opened in a tab is left to that tab, until it says otherwise", async () => {
    const stage = await stageFor()
    const habits = habitsOf(stage)
    const key = await keyOf(stage.origin)
    const tab = await fetch(`${stage.origin}/playground/api/live?user=luis`, { headers: { "X-Playground-Key": key } })
    await stage.playground.send(to("luis"), offer, "d-1")
    expect(await habits.act(hourLater(stage))).toBe(0)
    expect((await api(stage, "chat?user=luis")).body.habit).toEqual({ on: false })
    await api(stage, "habits", { user: "luis", on: true })
    await stage.playground.send(to("luis"), offer, "d-2")
    expect(await habits.act(hourLater(stage))).toBe(1)
    expect((await api(stage, "chat?user=maya")).body.habit).toBeNull()
    await tab.body?.cancel()
  })
})
