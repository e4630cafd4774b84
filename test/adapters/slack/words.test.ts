import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { clean, commandWords, escaped, typedWords } from "../../../adapters/slack/words.ts"

const emoji = (name: string, unicode?: string) => ({ type: "emoji", name, ...(unicode === undefined ? {} : { unicode }) })
const blocks = (...elements: readonly object[]) => [{ type: "rich_text", block_id: "b1", elements: [{ type: "rich_text_section", elements }] }]
const words = (text: string, ...elements: readonly object[]) => typedWords(text, blocks(...elements))

/** Any UTF-16 at all, lone surrogates and controls with it. fast-check's own unit for that takes five seconds to set up. */
const anyText = (maxLength: number) =>
  fc.oneof(
    fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units)),
    fc.string({ maxLength }),
  )

describe("what a person typed", () => {
  test("any text comes back out of Slack's escapes as it went in", () => {
    const marks = fc.array(fc.constantFrom("&", "<", ">", "amp;", "lt;", "&amp;", "|", "@", "!", ":", " ", "a")).map((parts) => parts.join(""))
    fc.assert(
      fc.property(fc.oneof(anyText(60), marks), (text) => {
        expect(typedWords(escaped(text), [])).toBe(text)
      }),
    )
  })

  test("keeps its marks, its line breaks and its own ampersands", () => {
    const typed = "I & my <robot> *win* _today_ 🎉\nsecond line &amp; &lt;3"
    expect(words(escaped(typed), { type: "text", text: typed })).toBe(typed)
  })

  test.each([
    [":tada:", emoji("tada", "1f389"), "🎉"],
    ["hi :wave::skin-tone-4: there", emoji("wave", "1f44b-1f3fd"), "hi 👋🏽 there"],
    ["hi :wave::skin-tone-4: there", emoji("wave::skin-tone-4", "1f44b-1f3fd"), "hi 👋🏽 there"],
    [":people_holding_hands::skin-tone-2-6:", emoji("people_holding_hands", "1f9d1-1f3fb-200d-1f91d-200d-1f9d1-1f3ff"), "🧑🏻‍🤝‍🧑🏿"],
    [":flag-mx::flag-us:", emoji("flag-mx", "1f1f2-1f1fd"), "🇲🇽:flag-us:"],
    [":family:", emoji("family", "1f468-200d-1f469-200d-1f467"), "👨‍👩‍👧"],
    ["1:1 at 10:30 :+1:", emoji("+1", "1f44d"), "1:1 at 10:30 👍"],
    ["::tada::", emoji("tada", "1f389"), ":🎉:"],
  ])("shows %s as the emoji that its message names", (text, element, shown) => {
    expect(words(text, element)).toBe(shown)
  })

  test("two tones of one emoji stay two", () => {
    expect(words(":wave: :wave::skin-tone-6:", emoji("wave", "1f44b-1f3ff"), emoji("wave", "1f44b"))).toBe("👋 👋🏿")
    expect(words(":wave: :wave::skin-tone-6:", emoji("wave", "1f44b"), emoji("wave", "1f44b-1f3ff"))).toBe("👋 👋🏿")
  })

  test("leaves a :word: alone that no emoji element names, a workspace's own, and code points that are none", () => {
    expect(words("at :school: today", emoji("tada", "1f389"))).toBe("at :school: today")
    expect(words(":our-mascot:", emoji("our-mascot"))).toBe(":our-mascot:")
    for (const unicode of ["110000", "d800", "zz", "", "1f389-", "-".repeat(400)]) expect(words(":x:", emoji("x", unicode))).toBe(":x:")
    expect(typedWords(":tada:", [])).toBe(":tada:")
  })

  test("finds emoji however deep the blocks are", () => {
    let deep: object = { type: "rich_text_section", elements: [emoji("tada", "1f389")] }
    for (let i = 0; i < 10_000; i++) deep = { type: "rich_text_list", elements: [deep] }
    expect(typedWords(":tada:", [deep])).toBe("🎉")
  })

  test.each([
    ["<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"],
    ["<http://example.org|example.org>", "example.org"],
    ["<https://example.org/|example.org>", "example.org"],
    ["<mailto:ana@example.org|ana@example.org>", "ana@example.org"],
    ["<tel:+15550100|+15550100>", "+15550100"],
    ["<https://example.org/how|I can&apos;t go on &amp; on>", "I can&apos;t go on & on (https://example.org/how)"],
    ["<@U0FICTION1>", "@U0FICTION1"],
    ["<@U0FICTION1|ana>", "@ana"],
    ["<#C0FICTION1|general>", "#general"],
    ["<#C0FICTION1|>", "#C0FICTION1"],
    ["<!here>", "@here"],
    ["<!channel|channel>", "@channel"],
    ["<!subteam^S0FICTION1|@teachers>", "@teachers"],
    ["<!subteam^S0FICTION1>", "@subteam^S0FICTION1"],
    ["<!date^1392734382^{date}|18 February>", "18 February"],
  ])("reads %s as its writer saw it", (text, shown) => {
    expect(words(`before ${text} after`)).toBe(`before ${shown} after`)
  })

  test("loses nothing of what is no escape of Slack's", () => {
    for (const text of ["I <3 you > me", "<>", "a < b", "<", ">", "<@>", "<!>", "<<<", "x <|y>"]) expect(words(text)).toBe(text)
  })

  test("the words of a link are always there, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("https://fiction.example/a?b=1&c=2#d", "http://fiction.example", "mailto:ana@school.example"),
        fc.string({ minLength: 1 }),
        (url, label) => {
          const shown = typedWords(`<${escaped(url)}|${escaped(label)}>`, [])
          expect(shown).toContain(label)
          expect(url.includes(label) || shown.includes(url)).toBe(true)
        },
      ),
    )
  })

  test("reads a hundred thousand marks in one pass", () => {
    for (const text of ["<".repeat(100_000), ":".repeat(100_000), "<@".repeat(50_000), ":a".repeat(50_000)])
      expect(words(text, emoji("tada", "1f389"))).toBe(text)
  })
})

describe("a command's words", () => {
  test.each([
    ["<@U0FICTION1|ana>", "", "U0FICTION1"],
    ["<@U0FICTION1>", "", "U0FICTION1"],
    ["  <@W0FICTION1|ana>  said hello &amp; more ", "said hello & more", "W0FICTION1"],
    ["met <@U0FICTION1|ana> at lunch", "met at lunch", "U0FICTION1"],
    ["<@U0FICTION1|ana> with <@U0FICTION2|ben>", "with @ben", "U0FICTION1"],
    ["Ana María", "Ana María", null],
    ["@ana", "@ana", null],
    ["", "", null],
    ["&lt;@U0FICTION1&gt;", "<@U0FICTION1>", null],
  ])("%s: the first mention is who it is about", (text, said, about) => {
    expect(commandWords(text)).toEqual({ text: said, about })
  })
})

describe("what is shown", () => {
  test("is well formed, and cannot turn what stands beside it", () => {
    expect(clean("a\u0000b\u202ec\u2066d\u200ee\ud800f\u007f\u061c")).toBe("abcde\ufffdf")
    expect(clean("tab\tline\nend 🎉 👨‍👩‍👧")).toBe("tab\tline\nend 🎉 👨‍👩‍👧")
  })

  test("escapes the three characters that Slack reads, and no other", () => {
    expect(escaped("<!channel> & *bold* &amp;")).toBe("&lt;!channel&gt; &amp; *bold* &amp;amp;")
  })
})
