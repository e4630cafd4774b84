// The sample school's people answer by habit: the same way each time, only when it is time, and never while somebody plays them.
import { describe, expect, test } from "vitest"
import type { Item } from "../../adapters/playground/chats.ts"
import type { Mailbox, PlaygroundPerson } from "../../adapters/playground/entry.ts"
import { fill, greetingsFor, type Habit, planFor, replyFor } from "../../adapters/playground/habit-plans.ts"
import { createHabits } from "../../adapters/playground/habits.ts"
import { type Answer, ask, quiet, replace, say } from "../../src/platform/answer.ts"
import type { Happening } from "../../src/platform/event.ts"
import { form } from "../../src/platform/form.ts"
import { type Button, buttons, message, text } from "../../src/platform/message.ts"
import { prose } from "../../src/platform/prose.ts"
import { people } from "./playground-stage.ts"

const actions = { answer: ["reflect_open"], skip: ["reflect_skip"], read: ["read_all", "read_one"] }
const replies = {
  en: ["A short one.", "Something a good deal longer than that.", "Middling words here."],
  es: ["Una respuesta.", "Otra respuesta más larga."],
}
const offer = (...list: Button[]) => message("Offer", [text(prose`Pick.`), buttons(...list)])
const prompt = offer({ action: "reflect_open", id: "o1", label: "Answer" }, { action: "reflect_skip", id: "o1", label: "Skip" })
const reading = offer(
  { action: "read_one", id: "a", label: "Read" },
  { action: "read_one", id: "b", label: "Read" },
  { action: "read_all", id: "w", label: "All" },
)
const readings = offer({ action: "read_one", id: "a", label: "Read" }, { action: "read_one", id: "b", label: "Read" })
const habit = (kind: Habit["kind"], more: Partial<Habit> = {}): Habit => ({ kind, firstMiss: null, missesEvery: null, silentFrom: null, ...more })
const first = (reminded = false) => ({ nth: 1, reminded })
const half = () => 0.5

const reflection = form({
  action: "reflect_answer",
  id: "o1",
  title: "This week",
  submit: "Send",
  intro: [],
  fields: [
    { kind: "one_of", name: "question", label: "Which", options: ["q1", "q2"].map((value) => ({ value, label: value })) },
    { kind: "paragraph", name: "words", label: "Words", max: 3_000 },
    { kind: "one_of", name: "someone", label: "Someone", initial: "no", options: ["mentor", "no"].map((value) => ({ value, label: value })) },
    { kind: "one_of", name: "mood", label: "Mood", optional: true, options: ["good", "low"].map((value) => ({ value, label: value })) },
  ],
})

const minute = 60_000
const start = new Date("2026-03-12T20:45:00Z")
const later = (minutes: number) => new Date(start.getTime() + minutes * minute)

type Deed = { user: string; id: string; happening: Happening }

/** A mailbox with one person in it, who hears what it is told. */
function mailboxOf(user: string, items: Item[], answer: (happening: Happening) => Answer = () => quiet) {
  const deeds: Deed[] = []
  const state = { played: false, seen: 0 }
  const mailbox: Mailbox = {
    person: async () => (people.find((person) => person.user === user) satisfies PlaygroundPerson | undefined) ?? null,
    refresh: () => undefined,
    messages: (wanted) => (wanted === user ? items : []),
    async act(who, id, happening) {
      deeds.push({ user: who, id, happening })
      return answer(happening)
    },
    seen: () => {
      state.seen += 1
    },
    enrol: () => undefined,
    simulated: () => !state.played,
  }
  return { mailbox, deeds, state }
}

const sent = (id: string, at: Date, value = prompt, pressed: readonly string[] = []): Item => ({
  id,
  user: "maya",
  place: "direct",
  at: at.toISOString(),
  changed: null,
  by: "bot",
  message: value,
  pressed,
})

const kindsOf = (deeds: readonly Deed[]) =>
  deeds.map(({ happening }) =>
    happening.kind === "pressed" || happening.kind === "submitted" ? `${happening.kind} ${happening.action}` : happening.kind,
  )

describe("what a habit decides", () => {
  test.each([
    ["steady", prompt, false, "reflect_open"],
    ["brief", prompt, false, "reflect_open"],
    ["skips", prompt, false, "reflect_skip"],
    ["late", prompt, false, null],
    ["late", prompt, true, "reflect_open"],
    ["reads", prompt, false, null],
    ["reads", reading, false, "read_all"],
    ["slow", readings, false, "read_one"],
    ["steady", reading, false, null],
  ] as const)("%s", (kind, value, reminded, pressed) => {
    expect(planFor(habit(kind), actions, value, "seed", first(reminded), half)?.press.action ?? null).toBe(pressed)
  })

  const left = (one: Habit, value = prompt) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((nth) => planFor(one, actions, value, "seed", { nth, reminded: false }, half) === null)

  test("the first miss and every so-many after it are left, and who is slow leaves every third list", () => {
    expect(left(habit("steady", { firstMiss: 2, missesEvery: 3 }))).toEqual([2, 5, 8])
    expect(left(habit("steady", { firstMiss: 4 }))).toEqual([4])
    expect(left(habit("slow"), readings)).toEqual([3, 6, 9])
    expect(left(habit("reads"), readings)).toEqual([])
  })

  test("an adult who greets says hello to most of the names they are given, each once, and others to nobody", () => {
    const names = ["a", "b", "c"].map((id) => ({ action: "hello", id, label: "Hello" }))
    const greets = { ...actions, greet: ["hello"], close: ["useful", "false"] }
    const said = (who: Habit, random: () => number) => greetingsFor(who, greets, offer(...names), "toby 1", random)
    expect(said(habit("reads", { greets: true }), () => 0.6).map(({ press, closing }) => [press.id, closing])).toEqual([
      ["a", "useful"],
      ["b", "useful"],
      ["c", "useful"],
    ])
    expect(said(habit("reads", { greets: true }), () => 0.7)).toEqual([])
    expect([habit("reads"), habit("steady", { greets: true })].flatMap((who) => said(who, () => 0.1))).toEqual([])
  })

  test("the same seed decides the same", () => {
    const random = (seed: string) => (seed.length % 10) / 10
    const once = planFor(habit("steady"), actions, prompt, "maya 1", first(), random)
    expect(planFor(habit("steady"), actions, prompt, "maya 1", first(), random)).toEqual(once)
  })

  test("a form is filled as far as it must be, and what it complained of too", () => {
    const given = fill(reflection, [], "My words", "2026-03-12", ["question"], () => 0.9)
    expect(given).toEqual({ question: "q2", words: "My words", someone: "no" })
    expect(fill(reflection, ["mood"], "My words", "2026-03-12", [], half)).toEqual({ question: "q1", words: "My words", someone: "no", mood: "good" })
  })

  test("who is brief keeps to the shortest words", () => {
    expect(replyFor(habit("brief"), replies.en, 0.99)).toBe("A short one.")
    expect(replyFor(habit("steady"), replies.en, 0.4)).toBe("Something a good deal longer than that.")
  })
})

describe("what the simulated do", () => {
  const habitsFor = (mailbox: Mailbox, one: Habit) =>
    createHabits({ mailbox, habits: new Map([["maya", one]]), actions, replies: (language) => replies[language], varied: ["question"], random: half })

  test("nothing before its time, then a press and a filled form, then nothing more", async () => {
    const { mailbox, deeds, state } = mailboxOf("maya", [sent("b-1", start)], (happening) => (happening.kind === "pressed" ? ask(reflection) : quiet))
    const habits = habitsFor(mailbox, habit("steady"))
    expect(await habits.act(start)).toBe(0)
    expect(await habits.act(later(60))).toBe(1)
    expect(await habits.act(later(600))).toBe(0)
    expect(kindsOf(deeds)).toEqual(["pressed reflect_open", "submitted reflect_answer"])
    expect(deeds[1]?.happening).toMatchObject({ values: { question: "q2", words: expect.stringMatching(/./) } })
    expect(state.seen).toBe(1)
  })

  test("nothing that comes in one of their silences, and again what comes after", async () => {
    const items = [sent("b-1", start)]
    const { mailbox, deeds } = mailboxOf("maya", items)
    const habits = habitsFor(mailbox, habit("steady", { silences: [["2026-03-12", "2026-03-13"]] }))
    await habits.act(later(120))
    expect(deeds).toEqual([])
    items.push(sent("b-2", later(24 * 60), offer({ action: "reflect_open", id: "o2", label: "Answer" })))
    await habits.act(later(26 * 60))
    expect(kindsOf(deeds)).toEqual(["pressed reflect_open"])
  })

  test("a hello says what came of the note where the answer asks, and each has an id of its own", async () => {
    const items = [sent("b-1", start, offer(...["a", "b"].map((id) => ({ action: "hello", id, label: "Hello" }))))]
    const { mailbox, deeds } = mailboxOf("maya", items, (happening) => {
      if (happening.kind === "pressed" && happening.target === "a")
        items.push(sent("b-2", later(60), offer({ action: "useful", id: "n", label: "Yes" })))
      return happening.kind === "pressed" && happening.target === "a" ? say(message("Logged", [text(prose`Logged.`)])) : quiet
    })
    const habits = createHabits({
      ...{ mailbox, habits: new Map([["maya", habit("reads", { greets: true })]]) },
      ...{ actions: { ...actions, greet: ["hello"], close: ["useful"] }, replies: () => replies.en, varied: [], random: half },
    })
    await habits.act(later(300))
    expect(kindsOf(deeds)).toEqual(["pressed hello", "pressed useful", "pressed hello"])
    expect(new Set(deeds.map(({ id }) => id)).size).toBe(3)
  })

  test("a form that complains is tried again, and then given up", async () => {
    const { mailbox, deeds } = mailboxOf("maya", [sent("b-1", start)], () => ask(reflection, { mood: "Please choose." }))
    await habitsFor(mailbox, habit("steady")).act(later(60))
    expect(deeds).toHaveLength(4)
    expect(deeds[3]?.happening).toMatchObject({ values: { mood: "good" } })
    expect(new Set(deeds.map(({ id }) => id)).size).toBe(4)
  })

  test("a press that was done before a restart is not done again, and an undone one keeps its id", async () => {
    const done = mailboxOf("maya", [sent("b-1", start, prompt, ["reflect_open"])])
    await habitsFor(done.mailbox, habit("steady")).act(later(60))
    expect(done.deeds).toEqual([])
    const undone = mailboxOf("maya", [sent("b-1", start)])
    await habitsFor(undone.mailbox, habit("steady")).act(later(60))
    await habitsFor(undone.mailbox, habit("steady")).act(later(60))
    expect(undone.deeds.map(({ id }) => id)).toEqual(["habit-b-1-0", "habit-b-1-0"])
  })

  test("who is late waits for the reminder of the same prompt", async () => {
    const items = [sent("b-1", start)]
    const { mailbox, deeds } = mailboxOf("maya", items)
    const habits = habitsFor(mailbox, habit("late"))
    await habits.act(later(2_000))
    expect(deeds).toEqual([])
    items.push(sent("b-2", later(5_000)))
    await habits.act(later(5_300))
    expect(deeds.map(({ happening }) => happening.kind === "pressed" && happening.messageId)).toEqual(["b-2"])
  })

  test("who went silent answers nothing from that local date on", async () => {
    const { mailbox, deeds } = mailboxOf("maya", [sent("b-1", new Date("2026-03-13T03:00:00Z")), sent("b-2", new Date("2026-03-13T20:00:00Z"))])
    await habitsFor(mailbox, habit("steady", { silentFrom: "2026-03-13" })).act(new Date("2026-03-14T12:00:00Z"))
    expect(deeds.map(({ id }) => id)).toEqual(["habit-b-1-0"])
  })

  test("who is played is left alone, and what lay for weeks is not caught up on", async () => {
    const { mailbox, deeds, state } = mailboxOf("maya", [sent("b-1", start)])
    state.played = true
    await habitsFor(mailbox, habit("steady")).act(later(60))
    state.played = false
    await habitsFor(mailbox, habit("steady")).act(later(60 * 24 * 20))
    expect(deeds).toEqual([])
  })

  test("a reader goes on below, where the answer is a message of its own", async () => {
    const apart = offer({ action: "read_all", id: "", label: "Read the answers" })
    const items = [sent("b-1", start, apart)]
    const { mailbox, deeds } = mailboxOf("maya", items, () => {
      if (deeds.length === 1) {
        items.push(sent("a-1", start, offer({ action: "read_one", id: "first", label: "Read" })))
        return say(apart)
      }
      items[1] = sent("a-1", start, prompt, ["read_one"])
      return replace(prompt)
    })
    const habits = habitsFor(mailbox, habit("reads"))
    await habits.act(start)
    await habits.act(later(600))
    expect(deeds.map(({ happening }) => happening.kind === "pressed" && [happening.messageId, happening.target])).toEqual([
      ["b-1", ""],
      ["a-1", "first"],
    ])
  })

  test("a reader goes on for as long as the message offers another", async () => {
    const items = [sent("b-1", start, offer({ action: "read_one", id: "a", label: "Read" }))]
    const { mailbox, deeds } = mailboxOf("maya", items, () => {
      items[0] = sent("b-1", start, deeds.length < 3 ? offer({ action: "read_one", id: `next-${deeds.length}`, label: "Read" }) : prompt, [
        "read_one",
      ])
      return quiet
    })
    const habits = habitsFor(mailbox, habit("reads"))
    await habits.act(start)
    expect(habits.next()).not.toBeNull()
    await habits.act(later(600))
    expect(deeds.map(({ happening }) => happening.kind === "pressed" && happening.target)).toEqual(["a", "next-1", "next-2"])
    expect(habits.next()).toBeNull()
  })
})
