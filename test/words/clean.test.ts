import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cleanLine, cleanText, showSafely } from "../../src/words/clean.ts"

describe("words that are kept", () => {
  test("NUL goes, everything else stays, line breaks too", () => {
    expect(cleanText("a\0b\nc\td ")).toBe("ab\nc\td ")
  })
  test("a lone surrogate becomes the replacement character, a pair stays whole", () => {
    expect(cleanText("x\ud83dy\udc4d 👍")).toBe("x\ufffdy\ufffd 👍")
  })
  test("whatever is typed, the result can be encoded and holds no NUL", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (typed) => {
        const kept = cleanText(typed)
        expect(kept.isWellFormed()).toBe(true)
        expect(kept).not.toContain("\0")
        expect(cleanText(kept)).toBe(kept)
      }),
    )
  })
})

describe("a line", () => {
  test("is one line, without edges, with single spaces", () => {
    expect(cleanLine("  Ana\u00a0\u0007\r\n  Lucía\t", 80)).toBe("Ana Lucía")
  })
  test("is composed, so that a name typed in two ways is one name", () => {
    expect(cleanLine("Jose\u0301", 80)).toBe("José")
  })
  test("is never cut inside a character and never longer than asked", () => {
    expect(cleanLine("ab👍", 3)).toBe("ab")
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (typed, max) => {
        const line = cleanLine(typed, max)
        expect(line.length).toBeLessThanOrEqual(max)
        expect(line.isWellFormed()).toBe(true)
        expect(line).toBe(line.trim())
      }),
    )
  })
})

describe("words that are shown", () => {
  test("lose the marks that would turn the sentence around them", () => {
    expect(showSafely("\u202eAna\u202c \u2066Ruiz\u2069\u200f")).toBe("Ana Ruiz")
  })
  test("keep emoji that join, and accents", () => {
    expect(showSafely("👩‍👧 é ñ")).toBe("👩‍👧 é ñ")
  })
})
