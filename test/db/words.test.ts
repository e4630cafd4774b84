import { randomBytes } from "node:crypto"
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { KeyTrouble, loadKey, openWords, WordsUnreadable } from "../../db/words.ts"

const words = openWords({ key: new Uint8Array(32).fill(7), randomBytes })
const anyWords = fc.string({ unit: "grapheme", maxLength: 200 })
const anyPlace = fc.record({ school: fc.uuid(), row: fc.string({ minLength: 1 }), version: fc.integer({ min: 0, max: 1000 }) })

describe("sealed words", () => {
  test("open to what was sealed, and never look the same twice", () => {
    fc.assert(
      fc.property(anyWords, anyPlace, (text, { school, row, version }) => {
        const sealed = words.seal(school, row, version, text)
        expect(words.open(school, row, version, sealed)).toBe(text)
        expect(words.seal(school, row, version, text)).not.toEqual(sealed)
      }),
    )
  })

  test("keep NUL, emoji and ten thousand characters whole", () => {
    for (const text of ["", "a\u0000b", "👩‍👩‍👧", "ñ".repeat(10_000)]) expect(words.open("s", "r", 1, words.seal("s", "r", 1, text))).toBe(text)
  })

  test("are refused when a single bit was changed", () => {
    fc.assert(
      fc.property(anyWords, anyPlace, fc.nat(), (text, { school, row, version }, bit) => {
        const sealed = Uint8Array.from(words.seal(school, row, version, text))
        const at = Math.floor(bit / 8) % sealed.length
        sealed[at] = (sealed[at] ?? 0) ^ (1 << (bit % 8))
        expect(() => words.open(school, row, version, sealed)).toThrow(WordsUnreadable)
      }),
    )
  })

  test("are refused when cut short, at any length", () => {
    const sealed = words.seal("s", "r", 1, "Hola")
    for (let length = 0; length < sealed.length; length++) {
      expect(() => words.open("s", "r", 1, sealed.subarray(0, length))).toThrow(WordsUnreadable)
    }
  })

  test("are refused in another row, version or school, and under another key", () => {
    const other = openWords({ key: new Uint8Array(32).fill(8), randomBytes })
    fc.assert(
      fc.property(anyWords, anyPlace, anyPlace, (text, home, away) => {
        fc.pre(home.school !== away.school && home.row !== away.row && home.version !== away.version)
        const sealed = words.seal(home.school, home.row, home.version, text)
        expect(() => words.open(home.school, away.row, home.version, sealed)).toThrow(WordsUnreadable)
        expect(() => words.open(home.school, home.row, away.version, sealed)).toThrow(WordsUnreadable)
        expect(() => words.open(away.school, home.row, home.version, sealed)).toThrow(WordsUnreadable)
        expect(() => other.open(home.school, home.row, home.version, sealed)).toThrow(WordsUnreadable)
      }),
    )
  })
})

describe("the key", () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rapport-key-"))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test("is made once, by one of many at the same moment, and readable by its owner alone", async () => {
    const dataDir = join(folder, "first")
    const loaded = await Promise.all(Array.from({ length: 8 }, () => loadKey({ dataDir, env: undefined, randomBytes })))
    expect(loaded.filter((key) => key.from === "file" && key.made)).toHaveLength(1)
    expect(new Set(loaded.map((key) => Buffer.from(key.key).toString("hex"))).size).toBe(1)
    const path = join(dataDir, "key")
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await loadKey({ dataDir, env: undefined, randomBytes })).toEqual({ from: "file", path, made: false, key: loaded[0]?.key })
  })

  test("comes from RAPPORT_KEY where that is set, and makes no file", async () => {
    const dataDir = join(folder, "given")
    const key = new Uint8Array(32).fill(9)
    expect(await loadKey({ dataDir, env: `${Buffer.from(key).toString("base64")}\n`, randomBytes })).toEqual({ from: "environment", key })
    await expect(readFile(join(dataDir, "key"))).rejects.toThrow("ENOENT")
  })

  test.each(["short", Buffer.alloc(31).toString("base64"), `${"!".repeat(43)}=`])("is refused when it is no 32 bytes of base64: %s", async (env) => {
    await expect(loadKey({ dataDir: folder, env, randomBytes })).rejects.toThrow("RAPPORT_KEY must be 32 random bytes")
  })

  test("is not made anew where words already lie, nor replaced when damaged", async () => {
    const lost = join(folder, "lost")
    await mkdir(join(lost, "postgres", "data"), { recursive: true })
    await expect(loadKey({ dataDir: lost, env: undefined, randomBytes })).rejects.toThrow("is gone")
    const damaged = join(folder, "damaged")
    await mkdir(damaged)
    await writeFile(join(damaged, "key"), "half a k")
    await expect(loadKey({ dataDir: damaged, env: undefined, randomBytes })).rejects.toBeInstanceOf(KeyTrouble)
  })
})
