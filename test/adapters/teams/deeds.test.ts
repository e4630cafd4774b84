// What people do in Teams that no other platform has, as the core hears it and as they see it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { ask, commandAction, home, quiet, replace, say } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { form } from "../../../src/platform/form.ts"
import { buttons, message, quote, text } from "../../../src/platform/message.ts"
import { prose } from "../../../src/platform/prose.ts"
import { hostile } from "../contract.ts"
import { isButton } from "../teams-harness.ts"
import { avery, jo, openStage, type Stage, without } from "./stage.ts"
import { actionsIn } from "./vendor/cards.ts"
import { errorsIn, hasSubmit } from "./vendor/dialogs.ts"
import { drawCard, visibleText } from "./vendor/draw.ts"
import { json, text as words } from "./vendor/json.ts"
import { channel, type Message } from "./vendor/state.ts"

let stage: Stage
/** Teams' clock: it stands still unless a test moves it. */
let at = Date.parse("2026-03-10T15:00:00.000Z")
beforeAll(async () => {
  stage = await openStage({ vendor: { now: () => new Date(at) } })
})
afterAll(() => stage.close())
beforeEach(() => {
  stage.events.length = 0
  stage.answerWith(() => quiet)
  at += 60_000
})

const only = (): InboundEvent => {
  expect(stage.events).toHaveLength(1)
  const [event] = stage.events
  if (!event) throw new Error("no event came")
  return event
}
const bots = (user: string): readonly Message[] => stage.vendor.seenBy(user).filter(({ by }) => by === null)
const inChat = (user: string): readonly string[] => bots(user).map((one) => visibleText(one))
const answered = (body: string) => message("An answer", [text(prose`${body}`)])
const settled = () => stage.teams.settled()

async function sent(...blocks: Parameters<typeof message>[1]): Promise<Message> {
  const to = await stage.teams.reach({ platform: "teams", tenant: stage.vendor.tenant, user: avery })
  await stage.teams.send(to, message("A message", blocks), "delivery")
  const last = bots(avery).at(-1)
  if (last === undefined) throw new Error("nothing was sent")
  return last
}

describe("words", () => {
  test.each([
    ["one whose client writes entities", jo],
    ["one whose client does not", avery],
  ])("arrive as they were typed, from %s", async (_what, user) => {
    for (const typed of ["I & my <robot> &lt;3 &amp;nbsp; <at>all</at>", "two\nlines", "  *stars* #1  ", "¿qué?\u00a0🎉"]) {
      await stage.vendor.say(user, typed)
      const said = stage.events.at(-1)
      expect(said).toMatchObject({ kind: "said", where: "direct", text: typed.replaceAll("\u00a0", " ").trim() })
    }
  })

  test("of two people in the same millisecond are two events, though Teams gives both one id", async () => {
    const [one, other] = await Promise.all([stage.vendor.say(avery, "at once"), stage.vendor.say(jo, "at once")])
    expect(one.message.id).toBe(other.message.id)
    expect(new Set(stage.events.map(({ id }) => id)).size).toBe(2)
  })

  test("each edit is an event of its own, and words taken back come again", async () => {
    const { message: wrote } = await stage.vendor.say(avery, "first")
    at += 1_000
    await stage.vendor.edit(avery, wrote.id, "second")
    at += 1_000
    await stage.vendor.edit(avery, wrote.id, "third")
    await stage.vendor.redeliver()
    at += 1_000
    await stage.vendor.remove(avery, wrote.id)
    at += 1_000
    await stage.vendor.edit(avery, wrote.id, "third", "undeleteMessage")
    expect(stage.events.map((event) => [event.kind, "text" in event ? event.text : null])).toEqual([
      ["said", "first"],
      ["edited", "second"],
      ["edited", "third"],
      ["edited", "third"],
      ["deleted", null],
      ["edited", "third"],
    ])
    expect(new Set(stage.events.map(({ id }) => id)).size).toBe(5)
    expect(new Set(stage.events.map((event) => "messageId" in event && event.messageId)).size).toBe(1)
  })

  test("a turn sent again after 15 s is the same event", async () => {
    stage.answerWith(() => {
      throw new Error("the database is away")
    })
    expect(await stage.vendor.say(avery, "once")).toMatchObject({ accepted: false, status: 500, response: null })
    stage.answerWith(() => quiet)
    at += 15_000
    expect((await stage.vendor.redeliver()).accepted).toBe(true)
    expect(stage.events[0]).toEqual(stage.events[1])
  })

  test.each(["/mentee Ana María", "/mentee  Ana María", "/mentee Ana María "])("a command begins with a slash: %s", async (typed) => {
    await stage.vendor.say(avery, typed)
    expect(only()).toMatchObject({ kind: "commanded", command: "mentee", text: "Ana María", where: "direct" })
  })

  test.each(["/home", "/inicio"])("%s opens the home, and the bare word is an answer like any other", async (typed) => {
    await stage.vendor.say(avery, typed)
    await stage.vendor.say(avery, typed.slice(1))
    expect(stage.events.map(({ kind }) => kind)).toEqual(["opened_home", "said"])
  })

  test("a reaction, and whatever else Teams tells, is taken and is nothing", async () => {
    const one = await sent(text(prose`Hello.`))
    for (const deed of [
      () => stage.vendor.react(avery, one),
      () => stage.vendor.tell(avery, { type: "typing" }),
      () => stage.vendor.tell(avery, { type: "event", name: "application/vnd.microsoft.readReceipt", value: { lastReadMessageId: one.id } }),
      () => stage.vendor.tell(avery, { type: "conversationUpdate", id: "f:1", topicName: "x" }),
    ])
      expect(await deed()).toMatchObject({ accepted: true, response: null })
    expect(await stage.vendor.tell(avery, { type: "invoke", name: "fileConsent/invoke", id: "f:2", value: {} })).toMatchObject({
      status: 501,
      response: null,
    })
    expect(stage.events).toEqual([])
  })
})

describe("the app", () => {
  test("comes to somebody once, though Teams tells it twice, and goes once", async () => {
    await stage.vendor.install(without)
    expect(only()).toMatchObject({ kind: "arrived", where: "direct", from: { account: { user: without } } })
    await stage.vendor.redeliver()
    expect(new Set(stage.events.map(({ id }) => id)).size).toBe(1)
    stage.events.length = 0
    at += 1_000
    await stage.vendor.uninstall(without)
    expect(only()).toMatchObject({ kind: "left", from: { account: { user: without } } })
  })

  test("comes to somebody of whom Teams tells one thing alone", async () => {
    await stage.vendor.uninstall(without)
    stage.events.length = 0
    const known = stage.vendor.state.people.get(without)
    if (known) known.installed = true
    await stage.vendor.tell(without, { type: "installationUpdate", action: "add", id: "f:7" })
    expect(only()).toMatchObject({ kind: "arrived", where: "direct", from: { account: { user: without } } })
  })

  test("is heard to come back to whoever it had gone from", async () => {
    await stage.vendor.install(without)
    await stage.vendor.uninstall(without)
    at += 1_000
    await stage.vendor.install(without)
    expect(stage.events.map(({ kind }) => kind).slice(-2)).toEqual(["left", "arrived"])
  })

  test("that came while nothing could be kept is heard when Teams tells it again", async () => {
    await stage.vendor.uninstall(without)
    stage.events.length = 0
    stage.answerWith(() => {
      throw new Error("no database")
    })
    expect(await stage.vendor.install(without)).toMatchObject({ accepted: false })
    stage.answerWith(() => quiet)
    expect(await stage.vendor.redeliver()).toMatchObject({ accepted: true })
    expect(stage.events.at(-1)).toMatchObject({ kind: "arrived", from: { account: { user: without } } })
  })

  test("greets whoever it comes to", async () => {
    await stage.vendor.uninstall(jo)
    stage.answerWith(() => say(answered("Welcome.")))
    await stage.vendor.install(jo)
    await settled()
    expect(inChat(jo).at(-1)).toBe("Welcome.")
  })

  test("in a team is nobody's coming or going", async () => {
    expect((await stage.vendor.installInTeam(avery)).accepted).toBe(true)
    expect((await stage.vendor.uninstallFromTeam(avery)).accepted).toBe(true)
    expect(stage.events).toEqual([])
  })
})

describe("in a channel", () => {
  test("who is mentioned beside the bot is whom it is about, and the channel learns nothing", async () => {
    stage.answerWith(() => say(answered("Only for you.")))
    await stage.vendor.mention(avery, "/mentee {Jo Okafor}", [jo])
    await settled()
    expect(only()).toMatchObject({
      kind: "commanded",
      command: "mentee",
      text: "",
      where: "shared",
      about: { platform: "teams", tenant: stage.vendor.tenant, user: jo },
    })
    expect(inChat(avery).at(-1)).toBe("Only for you.")
    expect(stage.vendor.state.messages.filter(({ by, conversation }) => by === null && conversation.startsWith(channel))).toEqual([])
  })

  test("a name and a word without a slash are a command too", async () => {
    await stage.vendor.mention(avery, "mentee {Jo Okafor}", [jo])
    expect(only()).toMatchObject({ kind: "commanded", command: "mentee", text: "", about: { user: jo } })
  })

  test("words to the bot are words, and are answered in the asker's own chat", async () => {
    stage.answerWith(() => say(answered("Write to me here.")))
    await stage.vendor.mention(jo, "how are <you> & yours?")
    await settled()
    expect(only()).toMatchObject({ kind: "said", where: "shared", text: "how are <you> & yours?" })
    expect(inChat(jo).at(-1)).toBe("Write to me here.")
  })

  test("a look-up above the compose box is seen by its asker, and what it would post has none of it", async () => {
    stage.answerWith(() =>
      say(message("Jo Okafor", [quote("<b>My</b> own words & more", "Jo"), buttons({ action: "hello", id: "s-1", label: "Log a hello" })])),
    )
    const before = inChat(avery)
    await stage.vendor.query(avery, "Jo")
    await settled()
    expect(only()).toMatchObject({ kind: "commanded", command: "mentee", text: "Jo", where: "shared" })
    const [line, ...more] = stage.vendor.previews(avery)
    expect(more).toEqual([])
    expect(line?.shown).toContain("<b>My</b> own words & more")
    expect(drawCard(line?.inserted ?? {})).toMatch(/^Rapport /)
    expect(JSON.stringify(line?.inserted)).not.toMatch(/words|Jo|hello/)
    expect(inChat(avery)).toEqual(before)
  })

  test("a look-up that finds nothing says so without an error", async () => {
    expect(await stage.vendor.query(avery, "Nobody")).toMatchObject({
      status: 200,
      response: { composeExtension: { type: "result", attachments: [] } },
    })
  })
})

const fill = form({
  action: "fill",
  id: "form-1",
  title: "A form",
  submit: "Hand in",
  intro: [prose`Some words of ours.`],
  fields: [
    { kind: "paragraph", name: "words", label: "Words", max: 500 },
    { kind: "one_of", name: "choice", label: "Choice", options: [{ value: "a", label: "Apple" }] },
    { kind: "day", name: "day", label: "Day", optional: true },
  ],
})

describe("a button", () => {
  test("changes its message at once, and for good", async () => {
    const pressed = await sent(text(prose`Before.`), buttons({ action: "go", id: "r", label: "Go" }))
    stage.answerWith(() => replace(answered("After.")))
    await stage.vendor.press(avery, pressed, isButton("go", "r"))
    expect(visibleText(pressed)).toBe("After.")
    await settled()
    stage.vendor.reopen(avery)
    expect(visibleText(pressed)).toBe("After.")
  })

  test("does the same in a client that only submits", async () => {
    const pressed = await sent(text(prose`Before.`), buttons({ action: "go", id: "r", label: "Go" }))
    stage.answerWith(() => replace(answered("After.")))
    await stage.vendor.press(avery, pressed, isButton("go", "r"), {}, true)
    await settled()
    expect(only()).toMatchObject({ kind: "pressed", action: "go", target: "r", value: null, messageId: `${pressed.conversation}/${pressed.id}` })
    expect(visibleText(pressed)).toBe("After.")
  })

  test("pressed twice at once is two events, and a press sent again is one", async () => {
    const pressed = await sent(buttons({ action: "go", id: "r", label: "Go" }))
    await Promise.all([1, 2].map(() => stage.vendor.press(avery, pressed, isButton("go", "r"))))
    await stage.vendor.redeliver()
    expect([stage.events.length, new Set(stage.events.map(({ id }) => id)).size]).toEqual([3, 2])
  })

  test("that opens a form opens it, keeps what was typed beside its errors, and changes its message when all is well", async () => {
    const pressed = await sent(text(prose`Before.`), buttons({ action: "open", id: "r", label: "Open", form: true }))
    stage.answerWith((event) => {
      if (event.kind !== "submitted") return ask(fill)
      return event.values.words === "enough"
        ? replace(answered("After."))
        : ask(
            { ...fill, fields: fill.fields.map((field) => (field.name === "words" ? { ...field, initial: event.values.words ?? "" } : field)) },
            { words: "A few more." },
          )
    })
    await stage.vendor.press(avery, pressed, isButton("open", "r"))
    const opened = stage.vendor.dialog(avery)
    expect([opened?.title, opened && drawCard(opened.card)]).toEqual(["A form", expect.stringContaining("Some words of ours.")])
    await stage.vendor.submit(avery, { "f:words": "few <b>", "f:choice": "a" })
    const again = stage.vendor.dialog(avery)
    expect(again && errorsIn(again)).toEqual({ "f:words": "A few more." })
    expect(again && drawCard(again.card)).toContain("few <b>")
    await stage.vendor.submit(avery, { "f:words": "enough", "f:choice": "a" })
    await settled()
    expect(stage.vendor.dialog(avery)).toBeNull()
    expect(visibleText(pressed)).toBe("After.")
    expect(stage.events.map(({ kind }) => kind)).toEqual(["pressed", "submitted", "submitted"])
    expect(stage.events.at(-1)).toMatchObject({ action: "fill", target: "form-1", values: { words: "enough", choice: "a" } })
  })

  test("that was to open a form and has only words shows them in the dialog, with nothing to hand in", async () => {
    const pressed = await sent(buttons({ action: "open", id: "r", label: "Open", form: true }))
    const before = inChat(avery)
    stage.answerWith(() => say(answered("Nothing is open now.")))
    await stage.vendor.press(avery, pressed, isButton("open", "r"))
    await settled()
    const dialog = stage.vendor.dialog(avery)
    expect(dialog && [hasSubmit(dialog), drawCard(dialog.card)]).toEqual([false, "Nothing is open now."])
    expect(inChat(avery)).toEqual(before)
  })

  test.each(["go", "open"])("that was answered with nothing (%s) is no error", async (action) => {
    const pressed = await sent(buttons({ action: "go", id: "r", label: "Go" }, { action: "open", id: "r", label: "Open", form: true }))
    const before = inChat(avery)
    expect((await stage.vendor.press(avery, pressed, isButton(action, "r"))).accepted).toBe(true)
    await settled()
    expect(inChat(avery)).toEqual(before)
  })

  test("that leads home shows the home as a message", async () => {
    const pressed = await sent(buttons({ action: "go", id: "r", label: "Go" }))
    stage.answerWith(() => home(answered("Home.")))
    await stage.vendor.press(avery, pressed, isButton("go", "r"))
    await settled()
    expect(inChat(avery).at(-1)).toBe("Home.")
  })

  test("or words that ask for a form are answered with a button that opens it", async () => {
    const pressed = await sent(buttons({ action: "go", id: "r", label: "Go" }))
    stage.answerWith(() => ask(fill))
    for (const deed of [() => stage.vendor.press(avery, pressed, isButton("go", "r")), () => stage.vendor.say(avery, "/pause until Friday")]) {
      await deed()
      await settled()
      const invitation = bots(avery).at(-1)
      await stage.vendor.press(avery, invitation ?? pressed, ({ action }) => action.type === "Action.Submit")
      expect(stage.vendor.dialog(avery)?.title).toBe("A form")
    }
    expect(stage.events.at(-1)).toMatchObject({ kind: "pressed", action: commandAction, target: "/pause until Friday" })
  })
})

describe("what Teams knows of somebody", () => {
  test("is the tenant's own e-mail, and what their device says", async () => {
    const of = (user: string) => stage.teams.profile({ platform: "teams", tenant: stage.vendor.tenant, user })
    await stage.vendor.say(avery, "hello")
    await stage.vendor.say(jo, "hola")
    expect(await of(avery)).toMatchObject({ email: "avery@larkspur.example", zone: "America/Los_Angeles", language: "en", guest: false })
    expect(await of(jo)).toMatchObject({ email: "jo@larkspur.example", zone: "America/Denver", language: "es", guest: false })
  })

  test("from another region: the newest address is the one that is written to", async () => {
    await stage.vendor.say(avery, "from here")
    stage.vendor.moveTo("emea")
    await stage.vendor.say(avery, "from there")
    stage.vendor.moveTo("amer")
    const routes = stage.events.map(({ from }) => from)
    expect(routes.map(({ route }) => json(JSON.parse(route)).s)).toEqual([stage.vendor.serviceUrl("amer"), stage.vendor.serviceUrl("emea")])
    const newest = routes.at(-1)
    if (newest === undefined) throw new Error("nothing was heard")
    await stage.teams.send(newest, answered("There."), "delivery")
    expect(stage.vendor.calls.at(-1)).toMatchObject({ kind: "send", region: "emea", authorized: true })
  })
})

describe.each(hostile)("words stay words (%s)", (typed) => {
  const times = (drawn: string): number => drawn.split(typed).length - 1

  test("on buttons and lists", async () => {
    const options = [{ value: "a", label: typed }]
    const one = await sent(
      buttons({ action: "go", id: "r", label: typed }, { action: "open", id: "r", label: typed, form: true }),
      { kind: "select", action: "pick", id: "r", label: typed, options, chosen: "a" },
      { kind: "trend", of: "student", title: typed, points: [{ label: typed, value: 1 }], max: 1, sentence: typed },
    )
    expect(times(visibleText(one))).toBeGreaterThanOrEqual(7)
    expect(times(visibleText(one, { charts: false }))).toBeGreaterThanOrEqual(6)
  })

  test("in dialogs, their errors and what was typed before", async () => {
    const pressed = await sent(buttons({ action: "open", id: "r", label: "Open", form: true }))
    const asked = form({
      ...fill,
      intro: [prose`${typed}`],
      fields: [
        { kind: "paragraph", name: "words", label: typed, hint: typed, initial: typed, max: 500 },
        { kind: "one_of", name: "choice", label: typed, options: [{ value: "a", label: typed }] },
      ],
    })
    stage.answerWith(() => ask(asked, { words: typed }))
    await stage.vendor.press(avery, pressed, isButton("open", "r"))
    const dialog = stage.vendor.dialog(avery)
    expect(dialog && errorsIn(dialog)["f:words"]?.replaceAll("\u200b", "")).toBe(typed)
    expect(times(drawCard(dialog?.card ?? {}))).toBe(7)
  })

  test("in a look-up", async () => {
    stage.answerWith(() =>
      say(message(typed, [text(prose`About ${typed}`), quote(typed, typed), { kind: "facts", facts: [{ label: typed, value: typed }] }])),
    )
    await stage.vendor.query(avery, typed)
    expect(times(stage.vendor.previews(avery)[0]?.shown ?? "")).toBe(6)
  })
})

test("every button of a card says where it leads, in both clients", async () => {
  const one = await sent(buttons({ action: "go", id: "r", label: "Go" }, { action: "open", id: "r", label: "Open", form: true }))
  const shown = stage.vendor.buttons(one).map(({ action }) => [action.type, words(json(action.fallback).type)])
  expect(shown).toEqual([
    ["Action.Execute", "Action.Submit"],
    ["Action.Submit", null],
  ])
  expect(actionsIn(one.cards[0] ?? {})).toHaveLength(2)
})
