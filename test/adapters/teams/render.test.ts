import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cardOf, mostCardBytes, rendered } from "../../../adapters/teams/render.ts"
import { limits, TooLarge } from "../../../src/platform/limits.ts"
import { type Block, buttons, divider, type Message, message, note, quote, type Trend, text } from "../../../src/platform/message.ts"
import { plain, prose, strong } from "../../../src/platform/prose.ts"
import { cardFaults } from "./vendor/cards.ts"
import { drawCard } from "./vendor/draw.ts"
import { json } from "./vendor/json.ts"

const bodyOf = (...blocks: readonly Block[]): readonly unknown[] => [...(cardOf(message("Summary", blocks)).body ?? [])]
const cardIn = (value: Message) => json(JSON.parse(JSON.stringify(cardOf(value))))
const drawn = (...blocks: readonly Block[]) => drawCard(cardIn(message("Summary", blocks)))
const select = (over: Partial<Extract<Block, { kind: "select" }>> = {}): Block => ({
  kind: "select",
  action: "pick",
  id: "row-1",
  label: "Which one",
  options: [
    { value: "a", label: "Apple" },
    { value: "b", label: "Pear" },
  ],
  chosen: null,
  ...over,
})
const trend = (values: readonly (number | null)[], max: number, labels = values.map((_, i) => `${i + 1}`)): Trend => ({
  kind: "trend",
  of: "student",
  title: "This term",
  points: values.map((value, i) => ({ label: labels[i] ?? "", value })),
  max,
  sentence: "Answered 1 of 1.",
})

describe("a message's card", () => {
  test("is of the version that every client draws, and its summary alone is on a locked screen", () => {
    const activity = rendered(message("A hello is worth it", [text(prose`Hello.`)]))
    expect(activity).toMatchObject({ type: "message", summary: "A hello is worth it" })
    expect(activity.attachments?.[0]).toMatchObject({
      contentType: "application/vnd.microsoft.card.adaptive",
      content: { type: "AdaptiveCard", version: "1.5", speak: "A hello is worth it" },
    })
    expect(activity).not.toHaveProperty("text")
  })

  test("prose is runs of text, and only what is strong is bold", () => {
    expect(bodyOf(text(prose`Hello ${"*Ana*"}, ${strong("well done")}!`))).toEqual([
      {
        type: "RichTextBlock",
        inlines: [
          { type: "TextRun", text: "Hello " },
          { type: "TextRun", text: "*Ana*" },
          { type: "TextRun", text: ", " },
          { type: "TextRun", text: "well done", weight: "Bolder" },
          { type: "TextRun", text: "!" },
        ],
      },
    ])
  })

  test("what is strong from end to end is a heading, with room above it", () => {
    expect(bodyOf(text(strong("This week")))).toEqual([
      { type: "RichTextBlock", spacing: "Medium", inlines: [{ type: "TextRun", text: "This week", weight: "Bolder", size: "Medium" }] },
    ])
  })

  test("a note is small and quiet", () => {
    expect(bodyOf(note(prose`For ${"**you**"}.`))).toEqual([
      { type: "RichTextBlock", spacing: "Small", inlines: [{ type: "TextRun", text: "For **you**.", isSubtle: true, size: "Small" }] },
    ])
  })

  test("a quote is set off, and whose it is stands beneath it", () => {
    expect(bodyOf(quote("I am\nfine", "Ana, on Monday"), quote("Alone"))).toEqual([
      {
        type: "Container",
        style: "emphasis",
        items: [
          { type: "RichTextBlock", inlines: [{ type: "TextRun", text: "I am\nfine" }] },
          { type: "RichTextBlock", spacing: "Small", inlines: [{ type: "TextRun", text: "Ana, on Monday", italic: true, isSubtle: true }] },
        ],
      },
      { type: "Container", style: "emphasis", items: [{ type: "RichTextBlock", inlines: [{ type: "TextRun", text: "Alone" }] }] },
    ])
  })

  test("facts are lines with bold labels", () => {
    const facts: Block = {
      kind: "facts",
      facts: [
        { label: "Advisor", value: "[Avery](https://evil.example)" },
        { label: "Room", value: "12" },
      ],
    }
    expect(drawn(facts)).toBe("Advisor: [Avery](https://evil.example)\nRoom: 12")
    expect(bodyOf(facts)).toMatchObject([{ inlines: [{ weight: "Bolder" }, {}, { weight: "Bolder" }, {}] }])
  })

  test("a divider is a line above what comes next, and nothing where nothing does", () => {
    expect(bodyOf(divider, text(prose`One.`), divider, divider, text(prose`Two.`), divider)).toEqual([
      { type: "RichTextBlock", inlines: [{ type: "TextRun", text: "One." }] },
      { type: "RichTextBlock", separator: true, spacing: "Large", inlines: [{ type: "TextRun", text: "Two." }] },
    ])
  })

  test("buttons carry their action and one id, are answered in place, and a client that knows no such button says the same", () => {
    expect(
      bodyOf(
        buttons(
          { action: "pick", id: "row-1", label: "Do it", style: "primary" },
          { action: "drop", id: "row-2", label: "Rather not", style: "danger" },
        ),
      ),
    ).toEqual([
      {
        type: "ActionSet",
        spacing: "Medium",
        actions: [
          {
            type: "Action.Execute",
            verb: "pick",
            title: "Do it",
            style: "positive",
            associatedInputs: "none",
            data: { a: "pick", t: "row-1" },
            fallback: { type: "Action.Submit", title: "Do it", style: "positive", associatedInputs: "none", data: { a: "pick", t: "row-1" } },
          },
          expect.objectContaining({ type: "Action.Execute", verb: "drop", style: "destructive", data: { a: "drop", t: "row-2" } }),
        ],
      },
    ])
  })

  test("a button that opens a form says so beforehand", () => {
    expect(bodyOf(buttons({ action: "fill", id: "row-1", label: "Write", form: true }))).toMatchObject([
      { actions: [{ type: "Action.Submit", title: "Write", data: { a: "fill", t: "row-1", msteams: { type: "task/fetch" } } }] },
    ])
  })

  test("a list names its input in its own button, so that two alike differ", () => {
    const [list, button, other] = bodyOf(select({ chosen: "b" }), select({ chosen: "gone" }))
    expect(list).toMatchObject({
      type: "Input.ChoiceSet",
      id: "v0",
      label: "Which one",
      value: "b",
      choices: [{ title: "Apple", value: "a" }, { title: "Pear" }],
    })
    expect(button).toMatchObject({ type: "ActionSet", actions: [{ type: "Action.Execute", verb: "pick", data: { a: "pick", t: "row-1", i: "v0" } }] })
    expect(other).toMatchObject({ id: "v1" })
    expect(other).not.toHaveProperty("value")
    expect(bodyOf(select({ options: [] }))).toEqual([])
  })

  test("a trend is Teams' own chart with a gap where there was no chance, and its sentence", () => {
    const card = cardIn(message("Summary", [trend([0, 1, null, 2, 4], 4)]))
    expect(drawCard(card)).toBe("This term\n(chart 1:0 2:1 3: 4:2 5:4)\nAnswered 1 of 1.")
    expect(drawCard(card, { charts: false })).toBe("This term\n▁▃\u2007▅█\nAnswered 1 of 1.")
  })

  test("a strip is cells as dark as their share, with a gap where there is none", () => {
    const strip: Block = { ...trend([0, 0.3, null, 0.5, 0.8, 1], 1), as: "strip" }
    expect(drawn(strip)).toBe("This term\n·░\u2007▒▓█\nAnswered 1 of 1.")
  })

  test("a trend of strange numbers is a chart all the same, and one without a number is its sentence", () => {
    expect(drawn(trend([-3, 99, Number.NaN], 4))).toContain("(chart 1:0 2:4 3:0)")
    expect(drawn(trend([0, 0], 0))).toContain("(chart 1:0 2:0)")
    for (const none of [[], [null, null]]) expect(drawn(trend(none, 4))).toBe("This term\nAnswered 1 of 1.")
  })

  test("weeks of one name stay apart", () => {
    const [, chart] = bodyOf(trend([1, 2], 4, ["5/1", "5/1"]))
    const names = (json(chart).data as { x: string }[]).map(({ x }) => x)
    expect(new Set(names).size).toBe(2)
  })

  test("what is empty is left out, since Teams refuses it", () => {
    expect(bodyOf(text([]), note(plain("")), quote("", null), { kind: "facts", facts: [] }, buttons(), text(plain("\u0000\u202e")))).toEqual([])
  })
})

describe("whoever's words", () => {
  const hostile = [
    "**bold** [link](https://evil.example) <at>everyone</at>",
    "{{DATE(2026-03-01T00:00:00Z)}}",
    "# not a heading\n- nor a list",
    "\u202egnp.exe",
    "\ud800",
  ]

  test.each(hostile)("are shown as they stand and read by nothing: %j", (words) => {
    const visible = words.toWellFormed().replaceAll("\u202e", "")
    for (const block of [text(plain(words)), quote(words), note(plain(words)), text(strong(words))])
      expect(drawn(block).replaceAll("\u200b", "")).toBe(visible)
    expect(JSON.stringify(cardOf(message("Summary", [text(plain(words)), quote(words, words)])))).not.toContain('"TextBlock"')
  })

  test("Teams takes every message that the port can build", () => {
    const words = fc.string({ unit: "grapheme", maxLength: 120 })
    const label = fc.string({ unit: "grapheme", maxLength: 15 })
    const id = fc.string({ maxLength: limits.id })
    const anyButton = fc.record({ action: fc.stringMatching(/^[a-z_]{1,60}$/), id, label, form: fc.constantFrom(true as const, undefined) })
    const block: fc.Arbitrary<Block> = fc.oneof(
      words.map((one) => text(prose`${one} ${strong(one)}`)),
      words.map((one) => note(plain(one))),
      fc.tuple(words, fc.option(label)).map(([one, by]) => quote(one, by)),
      fc.array(fc.record({ label, value: words }), { maxLength: 10 }).map((facts) => ({ kind: "facts" as const, facts })),
      fc.constant(divider),
      fc.array(anyButton, { maxLength: 5 }).map((list) => buttons(...list.map(({ form, ...button }) => (form ? { ...button, form } : button)))),
      fc
        .tuple(
          id,
          label,
          fc.uniqueArray(fc.record({ value: fc.string({ minLength: 1, maxLength: 20 }), label }), { maxLength: 10, selector: ({ value }) => value }),
        )
        .map(([target, name, options]) => select({ id: target, label: name, options, chosen: options[0]?.value ?? null })),
      fc.tuple(fc.array(fc.option(fc.double()), { maxLength: 40 }), fc.double()).map(([values, max]) => trend(values, max)),
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), words, (blocks, summary) => {
        const whole = message(summary.slice(0, limits.summary), blocks)
        expect(cardFaults(cardIn(whole), "message")).toEqual([])
      }),
    )
  })
})

describe("the largest message", () => {
  const bytes = (value: Message) => Buffer.byteLength(JSON.stringify(cardOf(value)))
  const quotes = (letter: string): Message =>
    message(
      "Much",
      [2_900, 2_900, 2_900, 2_300].map((size) => quote(letter.repeat(size / letter.length))),
    )

  test.each(["x", "\n", "ñ"])("of %j is shown whole", (letter) => {
    expect(bytes(quotes(letter))).toBeLessThanOrEqual(mostCardBytes)
    expect(JSON.stringify(cardOf(quotes(letter)))).not.toContain("…")
  })

  test("of letters of many bytes says where it was cut", () => {
    expect(JSON.stringify(cardOf(quotes("字")))).toContain("字…")
  })

  test.each(["字", "👩", '"', "\u0019"])("of %j is one that Teams takes", (letter) => {
    expect(bytes(quotes(letter))).toBeLessThanOrEqual(mostCardBytes)
    expect(cardFaults(cardIn(quotes(letter)), "message")).toEqual([])
  })

  test("of buttons alone cannot be cut, and is refused when it is built", () => {
    const five = Array.from({ length: 5 }, () => ({ action: "a".repeat(60), id: "b".repeat(250), label: "Press" }))
    expect(() =>
      cardOf(
        message(
          "Much",
          Array.from({ length: 30 }, () => buttons(...five)),
        ),
      ),
    ).toThrow(TooLarge)
  })
})
