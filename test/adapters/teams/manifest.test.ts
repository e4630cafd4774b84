// The app's package, held against Teams' published schema, and against what the bot knows.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import AjvDraft04 from "ajv-draft-04"
import addFormats from "ajv-formats"
import { unzipSync } from "fflate"
import { afterEach, describe, expect, test } from "vitest"
import { colorPng, outlinePng } from "../../../adapters/teams/icons.ts"
import { appVersion, localization, type TeamsManifestInput, type TeamsWords, teamsManifest } from "../../../adapters/teams/manifest.ts"
import { teamsPackage } from "../../../adapters/teams/package.ts"
import { teamsWords } from "../../../src/cli/teams-manifest.ts"
import { commandNames, typedCommand } from "../../../src/conversation/commands.ts"
import { digestOf, pngOf } from "./package-parts.ts"

const appId = "11111111-2222-3333-4444-555555555555"
const input: TeamsManifestInput = {
  appId,
  website: "https://school.example.org/rapport",
  languages: [
    { tag: "en", words: teamsWords("en") },
    { tag: "es", words: teamsWords("es") },
  ],
}
const swapped: TeamsManifestInput = {
  ...input,
  languages: [
    { tag: "es", words: teamsWords("es") },
    { tag: "en", words: teamsWords("en") },
  ],
}
const manifest = teamsManifest(input)

const require = createRequire(import.meta.url)
const published = join(dirname(require.resolve("@microsoft/app-manifest")), "json-schemas/teams")
function problemsOf(value: object, schema: string): unknown[] {
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats.default(ajv)
  const valid = ajv.compile(JSON.parse(readFileSync(join(published, `v${manifest.manifestVersion}`, schema), "utf8")))
  return valid(value) ? [] : (valid.errors ?? [])
}
const schema = "MicrosoftTeams.schema.json"
const localizationSchema = "MicrosoftTeams.Localization.schema.json"

describe("the manifest is valid against the published schema", () => {
  test("in both languages, with the words of the other beside it", () => {
    for (const one of [input, swapped]) {
      expect(problemsOf(teamsManifest(one), schema)).toEqual([])
      expect(one.languages.flatMap(({ words }) => problemsOf(localization(words), localizationSchema))).toEqual([])
    }
  })

  test.each([
    ["a description that is too long", { ...manifest, description: { short: "x".repeat(81), full: "x" } }],
    ["an app that is no id", { ...manifest, id: "rapport" }],
    ["a member that Teams does not know", { ...manifest, slash_commands: [] }],
    ["more than one bot", { ...manifest, bots: [...manifest.bots, ...manifest.bots] }],
  ])("which would refuse %s", (_what, planted) => {
    expect(problemsOf(planted, schema)).not.toEqual([])
  })

  test("and a new one has a new version, or Teams would not take it for one", () => {
    const content = input.languages.map(({ words }) => localization(words))
    const known: Readonly<Record<string, string>> = { "1.0.0": "67fff8308138f0f7", "1.1.0": "a0c4082cd56ea217" }
    expect(known[appVersion]).toBe(digestOf(JSON.stringify([{ ...manifest, id: "" }, content])))
  })
})

describe("the app asks Teams for exactly what it uses", () => {
  test("a chat with each person, a mention in a team, and one look-up", () => {
    const [bot] = manifest.bots
    expect(bot).toMatchObject({ botId: appId, scopes: ["personal", "team"], supportsFiles: false, isNotificationOnly: false })
    expect(manifest.composeExtensions.map(({ botId, commands }) => ({ botId, commands: commands.map(({ id, type }) => ({ id, type })) }))).toEqual([
      { botId: appId, commands: [{ id: "mentee", type: "query" }] },
    ])
    expect(manifest.composeExtensions[0]?.commands[0]?.initialRun).toBe(false)
    expect(manifest.permissions).toEqual(["identity", "messageTeamMembers"])
  })

  test("no page in it, no sign-in, no other right", () => {
    expect(manifest.validDomains).toEqual([])
    for (const member of ["webApplicationInfo", "authorization", "staticTabs", "configurableTabs", "devicePermissions"])
      expect(manifest).not.toHaveProperty(member)
  })
})

/** What stands beside a title as an example: behind the last colon, where there is one besides that of whom it is for. */
const exampleOf = (description: string): string | null => /.*: (.+)$/.exec(description.replace(/^(Staff|Para el personal): /, ""))?.[1] ?? null

describe("what Teams lists is what the bot understands", () => {
  const roles = { reflect: "student", reachout: "student", mentee: "staff", outreach: "staff", coverage: "staff", away: "staff" } as const
  const roleOf = (name: string): "student" | "staff" => (Object.hasOwn(roles, name) ? roles[name as keyof typeof roles] : "student")
  const home = new Set(["/home", "/inicio"])
  const nameOf = (title: string): string | null => {
    const either = typedCommand(title, "student") ?? typedCommand(title, "staff")
    return either?.command ?? null
  }

  test.each(["en", "es"] as const)("every command there is, once, and the home page, in the words of %s", (language) => {
    const { personal, team } = teamsWords(language)
    const titles = personal.map(({ title }) => title)
    expect(titles.filter((title) => home.has(title))).toEqual([language === "en" ? "/home" : "/inicio"])
    const named = titles.filter((title) => !home.has(title)).map((title) => nameOf(title) ?? "")
    expect(named.toSorted()).toEqual(commandNames.toSorted())
    expect(team.map(({ title }) => nameOf(title))).toEqual(["mentee", "outreach", "help"])
  })

  test.each([
    ["en", "Staff: "],
    ["es", "Para el personal: "],
  ] as const)("and what is for staff alone says so first, in %s", (language, first) => {
    const { personal, team, lookUp } = teamsWords(language)
    for (const { title, description } of [...personal, ...team]) {
      const name = nameOf(title) ?? ""
      expect([title, description.startsWith(first)]).toEqual([title, roleOf(name) === "staff"])
    }
    expect(lookUp.description.startsWith(first)).toBe(true)
  })

  test.each(["en", "es"] as const)("as it is picked and as its example shows, in %s", (language) => {
    const { personal, team } = teamsWords(language)
    for (const { title, description } of [...personal, ...team].filter((one) => !one.title.startsWith("/"))) {
      const name = nameOf(title) ?? ""
      expect(typedCommand(title, roleOf(name))).toEqual({ command: name, text: "" })
      const example = exampleOf(description)
      if (example === null) continue
      expect(example.startsWith(`${title} `)).toBe(true)
      expect(typedCommand(example, roleOf(name))).toEqual({ command: name, text: example.slice(title.length + 1) })
    }
  })

  test("in the same order in each language, so that a translation stands where its original does", () => {
    const order = (words: TeamsWords) =>
      [words.personal, words.team].map((list) => list.map(({ title }) => (home.has(title) ? "home" : nameOf(title))))
    expect(order(teamsWords("es"))).toEqual(order(teamsWords("en")))
  })

  test("and nothing in it is left untranslated", () => {
    const [en, es] = [localization(teamsWords("en")), localization(teamsWords("es"))]
    expect(Object.keys(es)).toEqual(Object.keys(en))
    expect(Object.keys(en).filter((key) => en[key] === es[key])).toEqual(["$schema", "name.short"])
  })
})

describe("the package", () => {
  const zone = process.env.TZ
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  test("holds the manifest, both icons it names, and the other language", () => {
    const files = unzipSync(teamsPackage(input))
    expect(Object.keys(files)).toEqual(["manifest.json", manifest.icons.color, manifest.icons.outline, "es.json"])
    expect(manifest.localizationInfo.additionalLanguages).toEqual([{ languageTag: "es", file: "es.json" }])
    const text = (name: string) => JSON.parse(new TextDecoder().decode(files[name]))
    expect(text("manifest.json")).toEqual(manifest)
    expect(text("es.json")).toEqual(localization(teamsWords("es")))
  })

  test("is the same bytes each time, in any zone", () => {
    const first = Buffer.from(teamsPackage(input))
    for (const TZ of ["Pacific/Auckland", "America/Los_Angeles", "UTC"]) {
      process.env.TZ = TZ
      expect(Buffer.from(teamsPackage(input)).equals(first)).toBe(true)
    }
  })

  test("has a picture of 192 by 192 to its edges, in the accent's colour", () => {
    const { width, height, pixel } = pngOf(colorPng())
    expect([width, height]).toEqual([192, 192])
    const accent = [1, 3, 5].map((at) => Number.parseInt(manifest.accentColor.slice(at, at + 2), 16))
    for (const [x, y] of [
      [0, 0],
      [191, 0],
      [0, 191],
      [191, 191],
    ] as const)
      expect(pixel(x, y)).toEqual([...accent, 255])
  })

  test("has an outline of 32 by 32 in white on nothing", () => {
    const { width, height, pixel } = pngOf(outlinePng())
    expect([width, height]).toEqual([32, 32])
    const all = Array.from({ length: 32 * 32 }, (_, n) => pixel(n % 32, Math.floor(n / 32)))
    expect(all.filter(([r, g, b, a]) => a !== 0 && (r !== 255 || g !== 255 || b !== 255))).toEqual([])
    expect(all.filter(([, , , a]) => a === 0).length).toBeGreaterThan(400)
    expect(all.filter(([, , , a]) => a === 255).length).toBeGreaterThan(100)
  })
})
