import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { actionIn, homeView, rendered, selectIdIn } from "../../../adapters/slack/render.ts"
import { limits } from "../../../src/platform/limits.ts"
import { type Block, buttons, divider, type Message, message, note, quote, type Trend, text } from "../../../src/platform/message.ts"
import { plain, prose, strong } from "../../../src/platform/prose.ts"
import { blockFaults, viewFaults } from "./vendor/blocks.ts"

/** Every text that the blocks show. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (name === "text" && typeof inner === "string" ? [inner] : textsIn(inner)))
}

const blocksOf = (...blocks: readonly Block[]) => rendered(message("Summary", blocks)).blocks
const faultsOf = (value: Message) => [...blockFaults(rendered(value).blocks, "message"), ...viewFaults(homeView(value))]
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
const trend = (values: readonly (number | null)[], max: number): Trend => ({
  kind: "trend",
  of: "student",
  title: "This term",
  points: values.map((value, i) => ({ label: `${i + 1}`, value })),
  max,
  sentence: "Answered 1 of 1.",
})

describe("a message's blocks", () => {
  test("prose is rich text, and only what is strong is bold", () => {
    expect(blocksOf(text(prose`Hello ${"*Ana*"}, ${strong("well done")}!`))).toEqual([
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: "Hello " },
              { type: "text", text: "*Ana*" },
              { type: "text", text: ", " },
              { type: "text", text: "well done", style: { bold: true } },
              { type: "text", text: "!" },
            ],
          },
        ],
      },
    ])
  })

  test("a note is small plain text that makes no emoji of its words", () => {
    expect(blocksOf(note(prose`For ${":tada:"} ${strong("you")}.`))).toEqual([
      { type: "context", elements: [{ type: "plain_text", text: "For :tada: you.", emoji: false }] },
    ])
  })

  test("a quote is set off, and whose it is stands beneath it", () => {
    expect(blocksOf(quote("I am\nfine", "Ana, on Monday"), quote("Alone"))).toEqual([
      {
        type: "rich_text",
        elements: [
          { type: "rich_text_quote", elements: [{ type: "text", text: "I am\nfine" }] },
          { type: "rich_text_section", elements: [{ type: "text", text: "Ana, on Monday", style: { italic: true } }] },
        ],
      },
      { type: "rich_text", elements: [{ type: "rich_text_quote", elements: [{ type: "text", text: "Alone" }] }] },
    ])
  })

  test("facts are lines with bold labels", () => {
    const facts: Block = {
      kind: "facts",
      facts: [
        { label: "Advisor", value: "Avery Lindqvist" },
        { label: "Room", value: "12" },
      ],
    }
    expect(textsIn(blocksOf(facts)).join("")).toBe("Advisor: Avery Lindqvist\nRoom: 12")
  })

  test("buttons carry their action and one id, and differ within their block", () => {
    const list = [
      { action: "pick", id: "row-1", label: "Do it", style: "primary" as const },
      { action: "pick", id: "row-2", label: "Rather not", style: "danger" as const },
      { action: "look", id: "", label: "Look" },
    ]
    expect(blocksOf(buttons(...list))).toEqual([
      {
        type: "actions",
        elements: [
          { type: "button", action_id: "pick#0", text: { type: "plain_text", text: "Do it", emoji: false }, value: "row-1", style: "primary" },
          { type: "button", action_id: "pick#1", text: { type: "plain_text", text: "Rather not", emoji: false }, value: "row-2", style: "danger" },
          { type: "button", action_id: "look#2", text: { type: "plain_text", text: "Look", emoji: false } },
        ],
      },
    ])
  })

  test("a list carries its id in the block, so that two alike differ", () => {
    const [first, second] = blocksOf(select({ chosen: "b" }), select({ chosen: "gone" }))
    expect(first).toEqual({
      type: "actions",
      block_id: "0:row-1",
      elements: [
        {
          type: "static_select",
          action_id: "pick#0",
          placeholder: { type: "plain_text", text: "Which one", emoji: false },
          options: [
            { text: { type: "plain_text", text: "Apple", emoji: false }, value: "a" },
            { text: { type: "plain_text", text: "Pear", emoji: false }, value: "b" },
          ],
          initial_option: { text: { type: "plain_text", text: "Pear", emoji: false }, value: "b" },
        },
      ],
    })
    expect(second).toMatchObject({ block_id: "1:row-1" })
    expect(JSON.stringify(second)).not.toContain("initial_option")
  })

  test("actions and ids come back as they were, whatever they hold", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{1,60}$/), fc.string({ minLength: 1, maxLength: limits.id }), (action, id) => {
        const [block] = blocksOf(select({ action, id }))
        if (block?.type !== "actions") throw new Error("no actions")
        const [element] = block.elements
        expect([actionIn(element?.action_id ?? ""), selectIdIn(block.block_id ?? "")]).toEqual([action, id])
      }),
    )
    expect(actionIn("nobody:knows")).toBe("nobody:knows")
    expect(selectIdIn("12:3:4")).toBe("3:4")
  })

  test("a trend is bars of characters with a gap where there was no chance, and its sentence", () => {
    expect(textsIn(blocksOf(trend([0, 1, null, 2, 4], 4)))).toEqual(["This term", "▁▃ ▅█", "Answered 1 of 1."])
    expect(textsIn(blocksOf(trend([1, 0, null, 1], 1)))).toContain("█▁ █")
  })

  test("a strip is cells as dark as their share, with a gap where there is none", () => {
    const strip: Block = { ...trend([0, 0.3, null, 0.5, 0.8, 1], 1), as: "strip" }
    expect(textsIn(blocksOf(strip))).toEqual(["This term", "·░ ▒▓█", "Answered 1 of 1."])
    expect(textsIn(blocksOf(trend([0, 0], 0)))).toContain("▁▁")
    expect(textsIn(blocksOf(trend([-3, 99, Number.NaN], 4)))).toContain("▁█▁")
    for (const none of [[], [null, null]]) expect(textsIn(blocksOf(trend(none, 4)))).toEqual(["This term", "Answered 1 of 1."])
  })

  test("a group's trend is drawn like any other", () => {
    const one = trend([1, 2], 2)
    expect(blocksOf({ ...one, of: "group" } as Block)).toEqual(blocksOf(one))
  })

  test("what is empty is left out, because Slack refuses it", () => {
    const hollow = message("Empty", [
      text([]),
      text(plain("")),
      text([{ kind: "ours", text: "\u0000" }]),
      note([]),
      quote("", ""),
      { kind: "facts", facts: [] },
      buttons(),
      select({ options: [] }),
      { ...(trend([], 0) as Extract<Block, { kind: "trend" }>), title: "", sentence: "" },
    ])
    expect(rendered(hollow)).toEqual({ text: "Empty", blocks: [] })
    const bare = message("Bare", [
      quote("", "Ana"),
      { kind: "facts", facts: [{ label: "Room", value: "" }] },
      buttons({ action: "a", id: "1", label: "\u202e" }),
      select({ label: "", options: [{ value: "a", label: "" }] }),
      divider,
    ])
    expect(faultsOf(bare)).toEqual([])
    expect(rendered(bare).blocks).toHaveLength(5)
  })
})

describe("Slack takes", () => {
  const long = (size: number) => "word ".repeat(Math.ceil(size / 5)).slice(0, size)
  const times = <Made>(count: number, make: (i: number) => Made): Made[] => Array.from({ length: count }, (_, i) => make(i))

  test.each<[string, Block]>([
    ["text", text(prose`${long(limits.text)}`)],
    ["note", note(prose`${long(limits.text)}`)],
    ["quote", quote(long(limits.quote), long(limits.fact))],
    ["facts", { kind: "facts", facts: times(limits.facts, (i) => ({ label: `Fact ${i}`, value: long(limits.fact - 6) })) }],
    [
      "buttons",
      buttons(
        ...times(limits.buttons, (i) => ({ action: "a".repeat(limits.action), id: `${i}`.repeat(limits.id), label: long(limits.buttonLabel) })),
      ),
    ],
    [
      "select",
      select({
        action: "a".repeat(limits.action),
        id: "x".repeat(limits.id),
        label: long(400),
        options: times(limits.options, (i) => ({ value: `${i}`.padEnd(150, "v"), label: long(limits.optionLabel) })),
        chosen: "7".padEnd(150, "v"),
      }),
    ],
    [
      "trend",
      {
        ...(trend(
          times(limits.trendPoints, (i) => i % 4),
          3,
        ) as Extract<Block, { kind: "trend" }>),
        sentence: long(limits.fact),
      },
    ],
  ])("the fullest %s", (_, block) => {
    expect(faultsOf(message("Full", [block]))).toEqual([])
  })

  test("the fullest stack of each block, and of all of them", () => {
    const one: readonly Block[] = [
      text(prose`A.`),
      note(prose`B.`),
      quote("C", "D"),
      buttons({ action: "a", id: "1", label: "E" }),
      select(),
      trend([1, 0], 1),
    ]
    for (const block of one)
      expect(
        faultsOf(
          message(
            "Many",
            times(limits.blocks, () => block),
          ),
        ),
      ).toEqual([])
    const mixed = message(
      "Mixed",
      times(limits.blocks, (i) => one[i % one.length] ?? divider),
    )
    expect(faultsOf(mixed)).toEqual([])
    expect(rendered(mixed).blocks.length).toBeLessThanOrEqual(50)
  })

  test("whatever words there are, and shows every one of them that can be seen", () => {
    const words = fc.array(fc.nat(0xffff), { maxLength: 60 }).map((units) => String.fromCharCode(...units))
    fc.assert(
      fc.property(words, words, (a, b) => {
        const value = message("Any", [
          text(prose`${a} and ${strong(b)}`),
          note(prose`${b}`),
          quote(a, b),
          { kind: "facts", facts: [{ label: a, value: b }] },
          buttons({ action: "pick", id: "1", label: a }),
          select({ label: a, options: [{ value: "1", label: b }] }),
          { ...(trend([1], 1) as Extract<Block, { kind: "trend" }>), title: a, sentence: b },
        ])
        expect(faultsOf(value)).toEqual([])
      }),
    )
  })
})

describe("hostile words", () => {
  const hostile = [
    "<!channel>",
    "<@U012AB3CD>",
    "<https://evil.example|Grades>",
    "*bold* _it_ ~no~ `code`",
    "&lt;!here&gt; &amp;",
    ":tada:",
    "> quoted",
    "https://evil.example",
  ]

  test.each(hostile)("%s stays words in every block", (words) => {
    const blocks = blocksOf(
      text(prose`${words}`),
      note(prose`${words}`),
      quote(words, words),
      { kind: "facts", facts: [{ label: words, value: words }] },
      buttons({ action: "pick", id: "1", label: words }),
      select({ label: words, options: [{ value: "1", label: words }] }),
      { ...(trend([1], 1) as Extract<Block, { kind: "trend" }>), title: words, sentence: words },
    )
    const shown = JSON.stringify(blocks)
    expect(textsIn(blocks).filter((one) => one.includes(words)).length).toBe(11)
    expect(shown).not.toContain("mrkdwn")
    for (const kind of ["link", "user", "broadcast", "channel", "emoji"]) expect(shown).not.toContain(`"type":"${kind}"`)
    expect(shown).not.toContain('"emoji":true')
  })

  test("the text beside the blocks can mention and link nobody", () => {
    for (const words of hostile) expect(rendered(message(words, [])).text).not.toMatch(/[<>]/)
    expect(rendered(message("<!channel> & all", [])).text).toBe("&lt;!channel&gt; &amp; all")
    expect(rendered(message("a\u202eb\ud800", [])).text).toBe("ab\ufffd")
  })

  test("the text beside the blocks is the summary and nothing of them", () => {
    expect(rendered(message("A reply", [quote("secret words", "Ana")])).text).toBe("A reply")
  })
})
