import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { english } from "../../../src/safety/lists/en.ts"
import { entriesOf, type Level } from "../../../src/safety/lists/entry.ts"
import { spanish } from "../../../src/safety/lists/es.ts"
import { caught, weave } from "../../../src/safety/lists/net.ts"
import { fold } from "../../../src/safety/normalise.ts"
import { screen, screenTogether } from "../../../src/safety/screen.ts"
import { concernEnglish, concernSpanish, heardAllTheSame, ordinary, urgentEnglish, urgentSpanish } from "./sentences.ts"

const height = { none: 0, concern: 1, urgent: 2 } satisfies Record<Level, number>
const raising = [...urgentEnglish, ...concernEnglish, ...urgentSpanish, ...concernSpanish]
const levelOf = (text: string): Level => screen(text).level

describe("the screen", () => {
  test.each([...urgentEnglish, ...urgentSpanish])("calls for a person now: %s", (text) => {
    expect(levelOf(text)).toBe("urgent")
  })

  test.each([...concernEnglish, ...concernSpanish])("calls for a person today: %s", (text) => {
    expect(levelOf(text)).toBe("concern")
  })

  test.each(heardAllTheSame)("would rather look once too often: %s", (text) => {
    expect(levelOf(text)).toBe("concern")
  })

  test.each(ordinary)("lets pass: %s", (text) => {
    expect(screen(text)).toEqual({ level: "none", topics: [] })
  })

  test.each([
    ["I want to kill myself", ["self_harm"]],
    ["my uncle keeps touching me", ["abuse"]],
    ["he brought a gun to school", ["violence"]],
    ["he keeps asking me for nudes", ["exploitation"]],
    ["my dad hits me and I want to die", ["abuse", "self_harm"]],
  ])("knows what it is about: %s", (text, topics) => {
    expect(screen(text).topics).toEqual(topics)
  })

  test.each([
    ["full-width letters", "Ｉ ｗａｎｔ ｔｏ ｋｉｌｌ ｍｙｓｅｌｆ"],
    ["mathematical letters", "I want to 𝗸𝗶𝗹𝗹 𝗺𝘆𝘀𝗲𝗹𝗳"],
    ["spaced letters", "k i l l  m y s e l f"],
    ["dotted letters", "k.i.l.l m.y.s.e.l.f"],
    ["one spaced word", "i want to k i l l myself"],
    ["no spaces", "idontknow ijustwanttodie"],
    ["a hashtag", "#killmyself"],
    ["zero-width characters", "kill\u200bmy\u200dself ki\u200cll my\u2060se\ufefflf"],
    ["bidi controls", "I want to \u202ekill\u202c my\u2066self"],
    ["combining marks", "k̶i̶l̶l̶ m̶y̶s̶e̶l̶f̶"],
    ["Cyrillic twins", "I want to kіll mуsеlf"],
    ["digits for letters", "k1ll mys3lf"],
    ["signs for letters", "i want to d!e"],
    ["a star for a vowel", "i'm going to k*ll myself"],
    ["stretched letters", "i want to dieeeeee"],
    ["a slip of the fingers", "i wanna kil myslef"],
    ["chat shorthand", "i want 2 die"],
    ["punctuation without a space", "i want to die!but nobody knows"],
    ["curly apostrophes", "I don’t want to live anymore"],
    ["Spanish without accents", "mi papa me pega"],
    ["Spanish in capitals", "¡ME QUIERO MORIR!"],
    ["Spanish spaced out", "q u i e r o   m o r i r"],
    ["Spanish with other letters", "kiero morirme"],
    ["both languages at once", "teacher, mi padrastro me toca, help"],
  ])("sees through %s", (_, text) => {
    expect(levelOf(text)).toBe("urgent")
  })

  test.each([
    [["i want to"], "die", "urgent"],
    [["I am going to ki"], "ll myself", "urgent"],
    [["k", "i", "l", "l", "m", "y", "s", "e", "l"], "f", "urgent"],
    [["mi papa"], "me pega", "urgent"],
    [["how was your day", "nobody would"], "care if I left", "concern"],
    [["how was your day"], "good, and yours", "none"],
  ] as const)("joins words split over messages: %s + %s", (previous, now, level) => {
    expect(screenTogether(previous, now).level).toBe(level)
  })

  test("does not raise again what earlier messages had said by themselves", () => {
    expect(screenTogether(["I want to die"], "what is for lunch").level).toBe("none")
    expect(screenTogether(["I want to die"], "I want to die").level).toBe("urgent")
  })

  test("reads 40,000 characters to the end, whatever they are made of", () => {
    const last = " and I want to kill myself"
    const hostile = ["a", "a ", "k i l l ", "k!", "1!|*", "want to ", "(a+)+$", "\u200b", "\ud800", "quiero ", "😀 ", "me toca _ mi papá ", "\0"]
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(40_000 / piece.length)).slice(0, 40_000)
      expect({ piece, level: levelOf(text + last) }).toEqual({ piece, level: "urgent" })
    }
  })

  test("answers for anything that can be typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(height[levelOf(text)]).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test("is never lowered by unseen characters or by case", () => {
    const unseen = fc.constantFrom("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u034f", "\ufe0f")
    const marks = fc.array(fc.tuple(fc.nat(), unseen, fc.boolean()), { maxLength: 30 })
    fc.assert(
      fc.property(fc.constantFrom(...raising), marks, (text, changes) => {
        const chars = Array.from(text)
        for (const [at, char, upper] of changes) {
          const i = at % chars.length
          chars[i] = `${upper ? (chars[i] ?? "").toUpperCase() : (chars[i] ?? "").toLowerCase()}${char}`
        }
        expect(height[levelOf(chars.join(""))]).toBeGreaterThanOrEqual(height[levelOf(text)])
      }),
    )
  })

  test("is never lowered by more words", () => {
    const more = fc.oneof(fc.string(), fc.constantFrom("lol", "just kidding", "k i l l", "a b", "!!!", ...ordinary))
    fc.assert(
      fc.property(fc.constantFrom(...raising), more, more, (text, before, after) => {
        expect(height[levelOf(`${before} ${text} ${after}`)]).toBeGreaterThanOrEqual(height[levelOf(text)])
      }),
    )
  })
})

describe("the lists", () => {
  test.each([
    ["English", english],
    ["Spanish", spanish],
  ])("in %s name each entry once, in letters that survive folding", (_, list) => {
    const words = entriesOf(list).map((entry) => entry.words)
    expect(new Set(words).size).toBe(words.length)
    expect(words.filter((entry) => /[^a-z0-9 ()|?~_]/.test(entry))).toEqual([])
    expect(words.length).toBeGreaterThan(90)
  })

  test("refuse an entry that is not written as entries are", () => {
    expect(() => weave(["(open"])).toThrow("a bracket is open in: (open")
    expect(() => weave(["close)"])).toThrow("a bracket too many in: close)")
    expect(() => weave(["(all)? (optional)?"])).toThrow("the entry may be nothing at all")
  })

  test("read gaps, choices, options and endings", () => {
    const net = weave(["red _ fish", "one (big|very small)? cat", "swim~ now"])
    const hits = (text: string) => [...caught(net, fold(text))]
    expect(hits("red fish")).toEqual([0])
    expect(hits("red and very old fish")).toEqual([0])
    expect(hits("red one two three four five fish")).toEqual([])
    expect(hits("fish red")).toEqual([])
    expect(hits("one cat")).toEqual([1])
    expect(hits("one very small cat")).toEqual([1])
    expect(hits("one very big cat")).toEqual([])
    expect(hits("swimming now")).toEqual([2])
    expect(hits("now swim")).toEqual([])
  })
})

test("no pattern of ours can run away on what people write: only classes of one character, and RE2", () => {
  const root = join(import.meta.dirname, "../../../src/safety")
  const files = ["normalise.ts", "screen.ts", "lists/net.ts", "lists/entry.ts", "lists/en.ts", "lists/es.ts"]
  expect(globSync("{normalise,screen,lists/*}.ts", { cwd: root }).sort()).toEqual([...files].sort())
  const native = files.flatMap((file) => readFileSync(join(root, file), "utf8").match(/(?<=[(=,] ?)\/[^/*\s][^/\n]*\/[a-z]*(?=[.,)\n])/g) ?? [])
  expect(native.length).toBeGreaterThan(0)
  expect(native.filter((pattern) => !/^\/(\[[^\]]+\]|\\p\{\w+\})\/u?$/.test(pattern))).toEqual([String.raw`/\{([a-z]+)\}/g`])
  expect(files.filter((file) => readFileSync(join(root, file), "utf8").includes("new RegExp"))).toEqual([])
})
