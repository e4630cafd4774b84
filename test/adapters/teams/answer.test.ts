// How each answer reaches the person: in the response that Teams waits for, in their own conversation, behind their eyes alone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type Answer, ask, commandAction, home, quiet, replace, say } from "../../../src/platform/answer.ts"
import { form } from "../../../src/platform/form.ts"
import { buttons, message, text } from "../../../src/platform/message.ts"
import { prose } from "../../../src/platform/prose.ts"
import { isButton } from "../teams-harness.ts"
import { avery, jo, openStage, type Stage, without } from "./stage.ts"
import { drawCard, visibleText } from "./vendor/draw.ts"
import { json } from "./vendor/json.ts"
import type { Message } from "./vendor/state.ts"

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  // So that their conversation is known, and the app's token is there.
  await stage.vendor.say(avery, "hello")
  await stage.teams.tryToken()
})
afterAll(() => stage.close())
beforeEach(() => {
  stage.events.length = 0
  stage.reports.length = 0
  stage.vendor.state.messages.length = 0
  stage.vendor.state.dialogs.clear()
  stage.answerWith(() => quiet)
})

const hello = message("Hello", [text(prose`Hello there.`)])
const choice = message("A choice", [
  text(prose`Before.`),
  buttons({ action: "pick", id: "row-1", label: "Pick" }, { action: "fill", id: "row-1", label: "Write", form: true }),
])
const window = form({
  action: "fill",
  id: "form-1",
  title: "A window",
  submit: "Done",
  intro: [prose`Why this is asked.`],
  fields: [{ kind: "line", name: "first", label: "First", max: 100 }],
})

const byBot = (user: string = avery): Message[] => stage.vendor.seenBy(user).filter(({ by }) => by === null)
const texts = (user: string = avery) => byBot(user).map((one) => visibleText(one))
const calls = (from: number) => stage.vendor.calls.slice(from).map(({ kind }) => kind)
const settled = () => stage.teams.settled()
async function sentChoice(): Promise<Message> {
  await stage.teams.send(await stage.teams.reach({ platform: "teams", tenant: stage.vendor.tenant, user: avery }), choice, "d-1")
  const sent = byBot().at(-1)
  if (sent === undefined) throw new Error("nothing was sent")
  return sent
}
async function press(action: "pick" | "fill", answer: Answer, old = false) {
  const sent = await sentChoice()
  stage.answerWith(() => answer)
  const before = stage.vendor.calls.length
  const delivered = await stage.vendor.press(avery, sent, isButton(action, "row-1"), {}, old)
  const shownAtOnce = sent.fresh
  await settled()
  return { sent, shownAtOnce, response: delivered.response, calls: calls(before) }
}

describe("words", () => {
  test("are answered after an empty response, where they were written", async () => {
    stage.answerWith(() => say(hello))
    const { response, status } = await stage.vendor.say(avery, "a line")
    await settled()
    expect([response, status, texts()]).toEqual([null, 200, ["Hello there."]])
  })

  test("that ask for a form are answered by a button that carries them", async () => {
    stage.answerWith(() => ask(window))
    await stage.vendor.say(avery, "/outreach Ana")
    await settled()
    expect(texts()).toEqual(["Why this is asked.\n[A window]"])
    const [sent] = byBot()
    if (sent === undefined) throw new Error("nothing was said")
    await stage.vendor.press(avery, sent, isButton(commandAction, "/outreach Ana"))
    expect(stage.events.at(-1)).toMatchObject({ kind: "pressed", action: commandAction, target: "/outreach Ana" })
    expect(stage.vendor.dialog(avery)?.title).toBe("A window")
  })

  test("that ask for the home are answered by it, as a message", async () => {
    stage.answerWith(() => home(hello))
    await stage.vendor.say(avery, "/home")
    await settled()
    expect([stage.events.at(-1)?.kind, texts()]).toEqual(["opened_home", ["Hello there."]])
  })

  test("that nothing is said to cost no request", async () => {
    const before = stage.vendor.calls.length
    await stage.vendor.say(avery, "a line")
    await settled()
    expect(calls(before)).toEqual([])
  })
})

describe("a press", () => {
  test("that changes its message changes it at once, and for good", async () => {
    const { sent, shownAtOnce, response, calls: made } = await press("pick", replace(hello))
    expect(response).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive" })
    expect(shownAtOnce === null ? null : drawCard(shownAtOnce)).toBe("Hello there.")
    expect([made, texts(), sent.summary]).toEqual([["update"], ["Hello there."], "Hello"])
  })

  test("on an older client changes its message by the one call", async () => {
    const { response, calls: made } = await press("pick", replace(hello), true)
    expect([response, made, texts()]).toEqual([null, ["update"], ["Hello there."]])
  })

  test("whose message is gone is answered anew", async () => {
    const sent = await sentChoice()
    stage.answerWith(() => replace(hello))
    stage.vendor.fail("404", "update")
    await stage.vendor.press(avery, sent, isButton("pick", "row-1"))
    await settled()
    expect(texts()).toEqual(["Hello there.", "Hello there."])
    expect(stage.reports).toEqual([])
  })

  test("that is answered in words says that it was taken beside the button, and the words beneath", async () => {
    const { response, calls: made } = await press("pick", say(hello))
    expect(response).toEqual({ statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "✓" })
    expect([made, texts().at(-1)]).toEqual([["send"], "Hello there."])
  })

  test("that nothing is said to is no failure: Teams calls an empty answer one", async () => {
    const { response, calls: made } = await press("pick", quiet)
    expect([response, made]).toEqual([{ statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "✓" }, []])
  })

  test("that turns out to need a form is answered by a button that opens it", async () => {
    await press("pick", ask(window))
    expect(texts().at(-1)).toBe("Why this is asked.\n[A window]")
    const sent = byBot().at(-1)
    if (sent === undefined) throw new Error("nothing was said")
    stage.answerWith(() => ask(window))
    await stage.vendor.press(avery, sent, isButton("fill", "form-1"))
    expect(stage.vendor.dialog(avery)?.title).toBe("A window")
  })
})

describe("a button that opens a form", () => {
  test("opens it in the response, and no call is made", async () => {
    const { calls: made } = await press("fill", ask(window))
    expect([stage.vendor.dialog(avery)?.title, made]).toEqual(["A window", []])
  })

  test("shows any other answer in the dialog, with nothing to hand in", async () => {
    const { calls: made } = await press("fill", say(hello))
    const shown = stage.vendor.dialog(avery)
    expect([shown?.title, shown === null ? "" : drawCard(shown.card), made]).toEqual(["Hello", "Hello there.", []])
  })

  test("changes the pressed message where that is the answer, and shows it besides", async () => {
    const { calls: made } = await press("fill", replace(hello))
    expect([made, texts(), stage.vendor.dialog(avery)?.title]).toEqual([["update"], ["Hello there."], "Hello"])
  })

  test("sends what can be pressed, since a dialog has no such buttons", async () => {
    const { calls: made } = await press("fill", say(choice))
    const shown = stage.vendor.dialog(avery)
    expect([made, shown === null ? "" : drawCard(shown.card)]).toEqual([["send"], "Before."])
    expect(texts().at(-1)).toContain("[Pick]")
  })

  test("says that it is done where nothing is to be said", async () => {
    const { response } = await press("fill", quiet)
    expect(response).toEqual({ task: { type: "message", value: "✓" } })
  })
})

describe("a form that is handed in", () => {
  async function handIn(answer: Answer) {
    const { sent } = await press("fill", ask(window))
    stage.answerWith(() => answer)
    const before = stage.vendor.calls.length
    const { response } = await stage.vendor.submit(avery, { "f:first": "typed" })
    await settled()
    return { sent, response, calls: calls(before) }
  }

  test("stays with what was typed beside what is wrong", async () => {
    await handIn(ask(window, { first: "Say a little more." }))
    const shown = stage.vendor.dialog(avery)
    expect(shown === null ? "" : drawCard(shown.card)).toContain("Say a little more.")
  })

  test("closes, and is answered beneath", async () => {
    const { response, calls: made } = await handIn(say(hello))
    expect([response, made, stage.vendor.dialog(avery), texts().at(-1)]).toEqual([null, ["send"], null, "Hello there."])
  })

  test("changes the message whose button opened it", async () => {
    const { calls: made } = await handIn(replace(hello))
    expect([made, texts()]).toEqual([["update"], ["Hello there."]])
  })

  test("closes without a word where there is none", async () => {
    const { response, calls: made } = await handIn(quiet)
    expect([response, made, stage.vendor.dialog(avery)]).toEqual([null, [], null])
  })
})

describe("where others read along", () => {
  test("the answer comes to the asker's own conversation, and the place learns nothing", async () => {
    stage.answerWith(() => say(hello))
    await stage.vendor.mention(avery, "/mentee Ana")
    await settled()
    expect(byBot().map(({ conversation }) => conversation)).toEqual([stage.vendor.people.get(avery)?.conversation])
    expect(texts(jo)).toEqual([])
  })

  test("of somebody whose conversation is not known it is opened first", async () => {
    stage.answerWith(() => say(hello))
    const before = stage.vendor.calls.length
    await stage.vendor.mention(jo, "/mentee Ana")
    await settled()
    expect([calls(before), texts(jo)]).toEqual([["open", "send"], ["Hello there."]])
  })

  test("to somebody who has not the app nothing can be said, and that is told", async () => {
    stage.answerWith(() => say(hello))
    expect((await stage.vendor.mention(without, "/mentee Ana")).accepted).toBe(true)
    await settled()
    expect(stage.vendor.seenBy(without).filter(({ by }) => by === null)).toEqual([])
    expect(stage.reports).toEqual([{ event: "teams_answer_failed", fields: { kind: "post", reason: "unreachable", code: "not_installed" } }])
  })
})

describe("the message extension", () => {
  const found = message("Ana María", [text(prose`Ana & <b>her</b> week.`), buttons({ action: "pick", id: "row-1", label: "Pick" })])

  test("shows the answer to the asker, inert, and would post none of it", async () => {
    stage.answerWith(() => say(found))
    const before = stage.vendor.calls.length
    await stage.vendor.query(avery, "Ana")
    await settled()
    const [shown] = stage.vendor.previews(avery)
    expect(shown?.shown).toBe("Ana María\nAna & <b>her</b> week.")
    expect(drawCard(shown?.inserted ?? {})).toBe("Rapport answers each person in their own chat. Write to it there.")
    expect([calls(before), stage.events.at(-1)]).toEqual([
      [],
      expect.objectContaining({ kind: "commanded", command: "mentee", text: "Ana", where: "shared" }),
    ])
  })

  test("speaks the language of the device in what would be posted", async () => {
    stage.answerWith(() => say(found))
    await stage.vendor.query(jo, "Ana")
    expect(drawCard(stage.vendor.previews(jo)[0]?.inserted ?? {})).toContain("Escríbele allí.")
  })

  test("shows that nothing was found where nothing is said", async () => {
    const { response } = await stage.vendor.query(avery, "Nobody")
    expect([json(json(response).composeExtension).type, stage.vendor.previews(avery)]).toEqual(["result", []])
  })
})

describe("what the core could not take", () => {
  test.each(["say", "press", "query"] as const)("is refused with an empty 500 and one code, so that it comes again (%s)", async (deed) => {
    const sent = await sentChoice()
    stage.answerWith(() => Promise.reject(new Error("a secret of the core's")))
    const before = stage.vendor.calls.length
    const { status, response } = await (deed === "say"
      ? stage.vendor.say(avery, "words")
      : deed === "press"
        ? stage.vendor.press(avery, sent, isButton("pick", "row-1"))
        : stage.vendor.query(avery, "Ana"))
    await settled()
    expect([status, response, calls(before)]).toEqual([500, null, []])
    expect(stage.reports).toEqual([{ event: "teams_event_refused", fields: { kind: stage.events.at(-1)?.kind } }])
  })

  test("is shown once, however often and however fast it comes, and refused each time", async () => {
    stage.answerWith(() => ({ ...say(hello), again: true }))
    const first = await stage.vendor.say(avery, "words")
    const others = await Promise.all([stage.vendor.redeliver(), stage.vendor.redeliver(), stage.vendor.redeliver()])
    await settled()
    expect([first, ...others].map(({ status }) => status)).toEqual([500, 500, 500, 500])
    expect(texts()).toEqual(["Hello there."])
  })

  test("is shown again where showing it failed", async () => {
    stage.answerWith(() => ({ ...say(hello), again: true }))
    stage.vendor.fail("500")
    await stage.vendor.say(avery, "words")
    await settled()
    await stage.vendor.redeliver()
    await settled()
    expect(texts()).toEqual(["Hello there."])
  })

  test("after a press is shown in the conversation, since nothing can ride in a refusal", async () => {
    const sent = await sentChoice()
    stage.answerWith(() => ({ ...say(hello), again: true }))
    const { status, response } = await stage.vendor.press(avery, sent, isButton("pick", "row-1"))
    await settled()
    expect([status, response, texts().at(-1)]).toEqual([500, null, "Hello there."])
  })
})

describe("courtesy", () => {
  test.each([
    ["500", { kind: "post", reason: "uncertain", code: "ServiceError" }],
    ["429:30", { kind: "post", reason: "busy", code: "busy" }],
    ["403:BotDisabledByUser", { kind: "post", reason: "unreachable", code: "BotDisabledByUser" }],
    ["cut_before", { kind: "post", reason: "uncertain", code: "request_failed" }],
  ])("an answer that fails (%s) is told by its code, and not tried again", async (name, fields) => {
    stage.answerWith(() => say(message("Secret", [text(prose`A secret.`)])))
    stage.vendor.fail(name)
    const before = stage.vendor.calls.length
    expect((await stage.vendor.say(avery, "words")).accepted).toBe(true)
    await settled()
    expect([calls(before), stage.reports]).toEqual([["send"], [{ event: "teams_answer_failed", fields }]])
  })

  test("an answer that no card can hold is told, and the event is taken", async () => {
    const five = Array.from({ length: 5 }, () => ({ action: "a".repeat(60), id: "b".repeat(250), label: "Press" }))
    const huge = message(
      "Much",
      Array.from({ length: 30 }, () => buttons(...five)),
    )
    const { response } = await press("pick", replace(huge))
    expect(response).toMatchObject({ value: "✓" })
    expect(stage.reports).toEqual([{ event: "teams_answer_failed", fields: { kind: "replace", reason: "invalid", code: "not_built" } }])
  })

  test("an invoke that nobody knows is not implemented, and the vendor's other news are taken in silence", async () => {
    const unknown = await stage.vendor.tell(avery, { type: "invoke", name: "fileConsent/invoke", id: "f:1", value: {} })
    expect([unknown.status, unknown.response]).toEqual([501, null])
    expect(stage.reports).toEqual([{ event: "teams_ignored", fields: { code: "unknown_invoke" } }])
    stage.reports.length = 0
    for (const type of ["typing", "messageReaction"]) expect((await stage.vendor.tell(avery, { type, id: "f:2" })).status).toBe(200)
    expect([stage.reports, stage.events]).toEqual([[], []])
  })
})
