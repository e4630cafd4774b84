// How each answer reaches the person: in the acknowledgement, in their conversation, behind their eyes alone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { given } from "../../../adapters/slack/answer.ts"
import type { Reply } from "../../../adapters/slack/reply.ts"
import { type Answer, ask, commandAction, home, quiet, replace, say } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { form } from "../../../src/platform/form.ts"
import { limits } from "../../../src/platform/limits.ts"
import { buttons, message, text } from "../../../src/platform/message.ts"
import { prose } from "../../../src/platform/prose.ts"
import { openSlackStage, type SlackStage } from "../slack-harness.ts"
import { visibleText } from "./vendor/draw.ts"
import { type Json, json } from "./vendor/json.ts"
import { dmOf, type Message } from "./vendor/state.ts"
import { general } from "./vendor/vendor.ts"

const events: InboundEvent[] = []
let answer: (event: InboundEvent) => Answer = () => quiet
let stage: SlackStage

beforeAll(async () => {
  stage = await openSlackStage(async (event) => {
    events.push(event)
    return answer(event)
  })
  // So that their conversation is known.
  await stage.vendor.openHome("U0AVERY", "messages")
})
afterAll(() => stage.close())
beforeEach(() => {
  events.length = 0
  stage.reports.length = 0
  stage.vendor.state.messages.length = 0
  stage.vendor.state.modals.clear()
  answer = () => quiet
})

const user = "U0AVERY"
const hello = message("Hello", [text(prose`Hello there.`)])
const choice = message("A choice", [buttons({ action: "pick", id: "row-1", label: "Pick" })])
const window = form({
  action: "fill",
  id: "form-1",
  title: "A window",
  submit: "Done",
  intro: [prose`Why this is asked.`],
  fields: [
    { kind: "line", name: "first", label: "First", max: 100 },
    { kind: "line", name: "second", label: "Second", max: 100, optional: true },
  ],
})

const byBot = (): Message[] => stage.vendor.seenBy(user).filter(({ fromBot }) => fromBot)
const texts = () => byBot().map(visibleText)
const settled = () => stage.slack.settled()
const isPick = (element: Json) => String(element.action_id).startsWith("pick#")
/** The bot's newest message to Avery. */
const newest = (): Message => {
  const found = byBot().at(-1)
  if (!found) throw new Error("the bot said nothing")
  return found
}
const calls = (from: number) => stage.vendor.calls.slice(from).map(({ method }) => method)

describe("in the direct conversation", () => {
  test("words are answered where they were written, also in a thread", async () => {
    answer = () => say(hello)
    const { message: root } = await stage.vendor.say(user, "a line")
    await settled()
    expect(newest()).toMatchObject({ channel: dmOf(user), thread: null })
    await stage.vendor.say(user, "in the thread", { thread: root.ts })
    await settled()
    expect(newest()).toMatchObject({ channel: dmOf(user), thread: root.ts })
    expect(events.at(-1)).toMatchObject({ kind: "said", inReplyTo: `${dmOf(user)}/${root.ts}` })
  })

  test("nothing in an answer is read as a mention or fetched to be shown beside it", async () => {
    answer = () => say(message("<!channel> & <@U1>", [text(prose`${"<!channel>"}`)]))
    await stage.vendor.say(user, "a line")
    await settled()
    expect(newest().args).toMatchObject({ unfurl_links: "false", unfurl_media: "false", link_names: "false", parse: "none" })
    expect(newest().text).toBe("&lt;!channel&gt; &amp; &lt;@U1&gt;")
  })

  test("a press replaces its message; where that is gone, the answer is said", async () => {
    answer = () => say(choice)
    await stage.vendor.say(user, "a line")
    await settled()
    answer = () => replace(hello)
    const pressed = newest()
    await stage.vendor.press(user, pressed, isPick)
    await settled()
    expect(texts()).toEqual(["Hello there."])
    pressed.deleted = true
    await stage.vendor.act(user, pressed, { type: "button", blockId: "b", actionId: "pick#0", value: "row-1" })
    await settled()
    expect(texts()).toEqual(["Hello there."])
    expect(newest().ts).not.toBe(pressed.ts)
  })

  test("a form's answer replaces the message whose button opened it", async () => {
    answer = () => say(choice)
    await stage.vendor.say(user, "a line")
    await settled()
    answer = (event) => (event.kind === "submitted" ? replace(hello) : ask(window))
    await stage.vendor.press(user, newest(), isPick)
    await settled()
    await stage.vendor.submit(user, { first: "words" })
    await settled()
    expect([stage.vendor.modal(user), texts()]).toEqual([null, ["Hello there."]])
  })

  test("words that ask for a form get a button, which is that command when pressed", async () => {
    answer = (event) => (event.kind === "said" || event.kind === "pressed" ? ask(window) : quiet)
    await stage.vendor.say(user, "reflect now")
    await settled()
    expect(texts()).toEqual(["Why this is asked.\n[A window]"])
    await stage.vendor.press(user, newest(), (element) => String(element.action_id).startsWith(`${commandAction}#`))
    await settled()
    expect(events.at(-1)).toMatchObject({ kind: "pressed", action: commandAction, target: "reflect now" })
    expect(stage.vendor.modal(user)).not.toBeNull()
  })

  test("words longer than a button may carry still get one", async () => {
    answer = (event) => (event.kind === "said" ? ask(window) : quiet)
    await stage.vendor.say(user, `reflect ${"x".repeat(2_000)}`)
    await settled()
    await stage.vendor.press(user, newest(), (element) => String(element.action_id).startsWith(`${commandAction}#`))
    expect(events.at(-1)).toMatchObject({ kind: "pressed", target: expect.stringMatching(/^reflect x+…$/) })
    expect(limits.id).toBe(250)
  })

  test("a command's answer stays in the conversation and outlives a reload", async () => {
    answer = () => say(hello)
    await stage.vendor.command(user, "mentee", "Ada")
    await settled()
    expect(newest()).toMatchObject({ channel: dmOf(user), ephemeral: null })
  })
})

describe("forms", () => {
  const opened = async () => {
    answer = () => ask(window)
    await stage.vendor.command(user, "reflect", "")
    await settled()
  }

  test("a command opens one by its trigger", async () => {
    await opened()
    expect(stage.vendor.modal(user)?.view.callback_id).toBe("fill")
  })

  test("an error whose field is none stands by the first", async () => {
    await opened()
    answer = () => ask(window, { nowhere: "Say when.", second: "Too short." })
    await stage.vendor.submit(user, { first: "words" })
    expect(stage.vendor.modal(user)?.errors).toEqual({ first: "Say when.", second: "Too short." })
  })

  test("a second form takes the place of the first", async () => {
    await opened()
    answer = () => ask({ ...window, action: "next", title: "The next one" })
    const before = stage.vendor.calls.length
    await stage.vendor.submit(user, { first: "words" })
    await settled()
    expect([json(stage.vendor.modal(user)?.view.title).text, calls(before)]).toEqual(["The next one", []])
  })

  test("a trigger that ran out is told of by its code, and nothing else happens", async () => {
    answer = () => ask(window)
    stage.vendor.fail("expired_trigger_id", "views.open")
    expect((await stage.vendor.command(user, "reflect", "words")).accepted).toBe(true)
    await settled()
    expect(stage.reports).toEqual([{ event: "slack_answer_failed", fields: { kind: "open", reason: "invalid", code: "expired_trigger_id" } }])
  })
})

describe("where others read along", () => {
  test("a command is answered to its writer alone, in the acknowledgement", async () => {
    answer = () => say(hello)
    const before = stage.vendor.calls.length
    await stage.vendor.command(user, "mentee", "Ada", general)
    await settled()
    expect(newest()).toMatchObject({ channel: general, ephemeral: user })
    expect([calls(before), stage.vendor.seenBy("U0JO")]).toEqual([[], []])
  })

  test("a press in that answer replaces it, and only there", async () => {
    answer = () => say(choice)
    await stage.vendor.command(user, "mentee", "Ada", general)
    answer = () => replace(hello)
    await stage.vendor.press(user, newest(), isPick)
    await settled()
    expect(events.at(-1)).toMatchObject({ kind: "pressed", where: "shared" })
    expect([byBot().length, texts(), newest().ephemeral]).toEqual([1, ["Hello there."], user])
  })

  test("what a press in that answer says is for the presser alone as well", async () => {
    answer = () => say(choice)
    await stage.vendor.command(user, "mentee", "Ada", general)
    const pressed = newest()
    answer = () => say(hello)
    await stage.vendor.press(user, pressed, isPick)
    await settled()
    expect(byBot().map(({ ephemeral, channel }) => [ephemeral, channel])).toEqual([
      [user, general],
      [user, general],
    ])
  })

  test("a form opened there replaces the answer that led to it", async () => {
    answer = () => say(choice)
    await stage.vendor.command(user, "mentee", "Ada", general)
    answer = (event) => (event.kind === "submitted" ? replace(hello) : ask(window))
    await stage.vendor.press(user, newest(), isPick)
    await settled()
    await stage.vendor.submit(user, { first: "words" })
    await settled()
    expect([byBot().length, texts(), newest().ephemeral]).toEqual([1, ["Hello there."], user])
    expect(events.at(-1)).toMatchObject({ kind: "submitted", where: "shared" })
  })

  test("an answer that must come again is whispered once, though the command is refused", async () => {
    answer = () => ({ ...say(hello), again: true })
    expect((await stage.vendor.command(user, "mentee", "Ada", general)).accepted).toBe(false)
    await settled()
    expect(newest()).toMatchObject({ channel: general, ephemeral: user })
  })

  test("and once more where the first try did not reach Slack", async () => {
    answer = () => ({ ...say(hello), again: true })
    stage.vendor.fail("cut_before", "chat.postMessage")
    await stage.vendor.say(user, "words")
    await settled()
    expect(byBot()).toEqual([])
    expect((await stage.vendor.redeliver()).accepted).toBe(false)
    await settled()
    expect((await stage.vendor.redeliver()).accepted).toBe(false)
    await settled()
    expect(texts()).toEqual(["Hello there."])
  })
})

describe("in the home view", () => {
  test("a press is answered in the conversation, since the view itself cannot be replaced by a message", async () => {
    answer = () => home(choice)
    await stage.vendor.openHome(user)
    await settled()
    answer = () => replace(hello)
    await stage.vendor.press(user, "home", isPick)
    await settled()
    expect([texts(), visibleText({ text: "", blocks: [] })]).toEqual([["Hello there."], ""])
    answer = () => home(hello)
    await stage.vendor.press(user, "home", isPick)
    await settled()
    expect(JSON.stringify(stage.vendor.home(user)?.view)).toContain("Hello there.")
  })

  test.each([say(hello), replace(hello)])(
    "a press before the conversation is known is answered in it, and names no address: $kind",
    async (given) => {
      answer = () => home(choice)
      await stage.vendor.openHome(user)
      await stage.restart()
      answer = () => given
      await stage.vendor.press(user, "home", isPick)
      await settled()
      expect(events.at(-1)).toMatchObject({ kind: "pressed", where: "shared", from: { route: `user:${user}` } })
      expect([texts(), newest().ephemeral, newest().channel]).toEqual([["Hello there."], null, dmOf(user)])
      await stage.vendor.openHome(user, "messages")
    },
  )

  test("a press before the conversation is known may be answered by the view", async () => {
    answer = () => home(choice)
    await stage.vendor.openHome(user)
    await stage.restart()
    answer = () => home(hello)
    await stage.vendor.press(user, "home", isPick)
    await settled()
    expect([events.at(-1)?.where, JSON.stringify(stage.vendor.home(user)?.view)]).toEqual(["shared", expect.stringContaining("Hello there.")])
    await stage.vendor.openHome(user, "messages")
  })

  test("a form opened from there is answered in the conversation", async () => {
    answer = () => home(choice)
    await stage.vendor.openHome(user)
    await stage.restart()
    answer = (event) => (event.kind === "submitted" ? say(hello) : ask(window))
    await stage.vendor.press(user, "home", isPick)
    await settled()
    await stage.vendor.submit(user, { first: "words" })
    await settled()
    expect(events.at(-1)).toMatchObject({ kind: "submitted", where: "shared", from: { route: `user:${user}` } })
    expect([texts(), newest().ephemeral, newest().channel]).toEqual([["Hello there."], null, dmOf(user)])
    await stage.vendor.openHome(user, "messages")
  })
})

describe("courtesy", () => {
  test("an answer that fails is reported by its code, acknowledged all the same, and not tried again", async () => {
    answer = () => say(message("Secret", [text(prose`A secret.`)]))
    stage.vendor.fail("fatal_error", "chat.postMessage")
    const before = stage.vendor.calls.length
    expect((await stage.vendor.say(user, "words")).accepted).toBe(true)
    await settled()
    expect(calls(before)).toEqual(["chat.postMessage"])
    expect(stage.reports).toEqual([{ event: "slack_answer_failed", fields: { kind: "post", reason: "uncertain", code: "fatal_error" } }])
  })

  test("a response_url that is not Slack's is never called", async () => {
    const reply: Reply = {
      tenant: stage.vendor.team.id,
      user,
      channel: null,
      thread: null,
      triggerId: null,
      responseUrl: null,
      origin: { kind: "ephemeral", responseUrl: `${stage.origin}/elsewhere` },
      submission: false,
      where: "shared",
      typed: null,
    }
    expect(given(replace(hello), "pressed", reply).step).toMatchObject({ kind: "respond", url: `${stage.origin}/elsewhere` })
    const forged = { ...choiceMessage(), ephemeral: user }
    stage.vendor.state.messages.push(forged)
    answer = () => replace(hello)
    const delivered = await stage.vendor.send({
      kind: "interaction",
      id: "t",
      body: {
        type: "block_actions",
        user: { id: user },
        team: { id: stage.vendor.team.id },
        trigger_id: "1.2.3",
        container: { type: "message", channel_id: general, message_ts: "1.2", is_ephemeral: true },
        response_url: `${stage.origin}/elsewhere`,
        actions: [{ type: "button", action_id: "pick#0", block_id: "b", value: "row-1" }],
      },
    })
    await settled()
    expect(delivered.accepted).toBe(true)
    expect(stage.reports).toEqual([{ event: "slack_answer_failed", fields: { kind: "respond", reason: "invalid", code: "response_url" } }])
  })
})

const choiceMessage = (): Message => ({
  channel: general,
  ts: "1.2",
  user: "U0RAPPORT",
  fromBot: true,
  text: "",
  blocks: [],
  metadata: null,
  thread: null,
  ephemeral: null,
  edited: false,
  deleted: false,
  args: {},
})
