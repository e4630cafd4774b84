import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { zipSync } from "fflate"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openLimits, openRoster } from "../../../src/roster/open-roster.ts"
import { readRoster } from "../../../src/roster/read-roster.ts"
import { bytesOf, fixturePath, rosterOf, textsOf } from "../../fixtures/roster/files.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-roster-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const texts = textsOf("oneroster-1.2")
const entries = (prefix = "") => Object.fromEntries([...bytesOf(texts)].map(([name, bytes]) => [prefix + name, bytes]))
async function zip(name: string, content: Record<string, Uint8Array>, change?: (bytes: Uint8Array) => Uint8Array): Promise<string> {
  const path = join(folder, name)
  const bytes = zipSync(content)
  await writeFile(path, change ? change(bytes) : bytes)
  return path
}
const says = (words: string) => ({ kind: "refused", problems: [{ line: 1, says: expect.stringContaining(words) }] })

describe("a folder and a zip of it", () => {
  test.each(["", "export/"])("hold the same roster, in the zip under %j", async (prefix) => {
    const open = [await openRoster(fixturePath("oneroster-1.2")), await openRoster(await zip("same.zip", entries(prefix)))]
    const rosters = open.map((opened) => {
      if (opened.kind === "refused") throw new Error(JSON.stringify(opened.problems))
      expect(opened.files.has("demographics.csv")).toBe(false)
      return rosterOf(readRoster(opened))
    })
    expect(rosters[1]).toEqual(rosters[0])
  })
  test("the shadows that a Mac adds are passed over", async () => {
    const path = await zip("mac.zip", { ...entries("roster/"), "__MACOSX/roster/users.csv": new Uint8Array([0, 1, 2]) })
    expect((await openRoster(path)).kind).toBe("opened")
  })
})

describe("what cannot be opened is refused in a sentence", () => {
  test("nothing there", async () => {
    expect(await openRoster(join(folder, "nowhere"))).toMatchObject(says("is not there"))
  })
  test("a file that is no zip", async () => {
    const path = join(folder, "users.csv")
    await writeFile(path, "sourcedId\n")
    expect(await openRoster(path)).toMatchObject(says("not a zip file"))
  })
  test("a zip that was cut short", async () => {
    expect(await openRoster(await zip("cut.zip", entries(), (bytes) => bytes.slice(0, bytes.length / 2)))).toMatchObject(says("cannot be unpacked"))
  })
  test("a zip that was damaged on its way", async () => {
    const stored = bytesOf({ "users.csv": "sourcedId,name\n1,Ada\n" })
    const path = join(folder, "bent.zip")
    const bytes = zipSync(Object.fromEntries(stored), { level: 0 })
    bytes[30 + "users.csv".length + 17] = 0x42
    await writeFile(path, bytes)
    expect(await openRoster(path)).toMatchObject({ kind: "refused", problems: [{ file: "users.csv", says: expect.stringContaining("damaged") }] })
  })
  test("two files of one name", async () => {
    expect(await openRoster(await zip("twice.zip", { ...entries("a/"), ...entries("b/") }))).toMatchObject({
      kind: "refused",
      problems: expect.arrayContaining([expect.objectContaining({ says: "stands twice in the zip file" })]),
    })
  })
})

describe("a zip bomb", () => {
  const zeros = new Uint8Array(3_000_000)
  const limits = { ...openLimits, file: 1_000_000 }
  test("that says how large it is, is not unpacked", async () => {
    expect(await openRoster(await zip("bomb.zip", { "users.csv": zeros }), limits)).toMatchObject({
      problems: [{ file: "users.csv", says: "is larger than 1 MB when unpacked" }],
    })
  })
  test("of many small files is stopped by their sum", async () => {
    const many = Object.fromEntries(["orgs", "users", "roles"].map((table) => [`${table}.csv`, zeros.subarray(0, 900_000)]))
    expect((await openRoster(await zip("many.zip", many), { ...limits, all: 2_000_000 })).kind).toBe("refused")
  })
  test("that lies about its size gets no more room than it asked for", async () => {
    const lie = (bytes: Uint8Array): Uint8Array => {
      const view = new DataView(bytes.buffer)
      for (let at = 0; at < bytes.length - 4; at += 1) {
        if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 100, true)
        if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, 100, true)
      }
      return bytes
    }
    expect((await openRoster(await zip("liar.zip", { "users.csv": zeros }, lie), limits)).kind).toBe("refused")
  })
  test("beyond its own size is not even loaded", async () => {
    expect(await openRoster(await zip("large.zip", entries()), { ...limits, zip: 100 })).toMatchObject(says("is larger than"))
    expect((await openRoster(fixturePath("oneroster-1.2"), { ...limits, file: 100 })).kind).toBe("refused")
  })
})
