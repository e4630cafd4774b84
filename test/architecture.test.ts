// Who may import whom: an allow-list, read against every import in the tree.
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize, relative } from "node:path"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "..")

/** Each place, and what it may import besides itself: other places, and packages by name. */
const allowed: Readonly<Record<string, { places: readonly string[]; packages: readonly string[] }>> = {
  "src/platform": { places: [], packages: ["express"] },
  "src/words": { places: [], packages: ["intl-messageformat", "yaml"] },
  "src/scheduling": { places: ["src/words", "src/deps", "src/roster", "db/queries"], packages: ["temporal-polyfill"] },
  "src/roster": {
    places: ["src/platform", "src/words", "src/scheduling", "src/access", "src/delivery", "src/deps", "src/safety", "db/queries", "db/client"],
    packages: ["zod", "csv-parse", "fflate", "node-ical", "temporal-polyfill"],
  },
  "src/access": { places: ["src/platform", "src/words", "src/deps", "db/queries"], packages: [] },
  "src/delivery": { places: ["src/platform", "src/roster", "src/safety", "src/deps", "db/queries", "db/client"], packages: [] },
  "src/safety": {
    places: ["src/platform", "src/words", "src/scheduling", "src/access", "src/delivery", "src/roster", "src/deps", "db/queries"],
    packages: ["re2js", "zod"],
  },
  "src/growth": { places: ["src/words"], packages: ["temporal-polyfill"] },
  "src/engagement": {
    places: ["src/platform", "src/words", "src/scheduling", "src/roster", "src/access", "src/delivery", "src/safety", "src/deps", "db/queries"],
    packages: ["temporal-polyfill"],
  },
  "src/outreach": {
    places: [
      ...["src/platform", "src/words", "src/scheduling", "src/roster", "src/access", "src/delivery", "src/engagement", "src/safety"],
      ...["src/deps", "db/queries", "db/words"],
    ],
    packages: [],
  },
  "src/reflection": {
    places: [
      ...["src/platform", "src/words", "src/scheduling", "src/roster", "src/access", "src/delivery", "src/engagement", "src/safety"],
      ...["src/outreach", "src/growth", "src/deps", "db/queries", "db/words"],
    ],
    packages: ["temporal-polyfill"],
  },
  "src/conversation": {
    places: [
      ...["src/platform", "src/words", "src/scheduling", "src/roster", "src/access", "src/delivery", "src/safety", "src/deps"],
      ...["db/queries", "db/client"],
    ],
    packages: [],
  },
  "src/cli": { places: ["*"], packages: ["*"] },
  "adapters/slack": {
    places: ["src/platform"],
    packages: ["@slack/bolt", "@slack/oauth", "@slack/types", "@slack/web-api", "@resvg/resvg-js", "express"],
  },
  "adapters/teams": {
    places: ["src/platform"],
    packages: [
      ...["botbuilder", "botframework-connector", "botframework-schema", "@microsoft/teams.cards"],
      ...["@resvg/resvg-js", "express", "fflate", "zod"],
    ],
  },
  "adapters/playground": { places: ["src/platform"], packages: ["express"] },
  "db/schema": { places: [], packages: ["drizzle-orm"] },
  "db/queries": {
    places: [
      "src/platform",
      "src/scheduling",
      "src/roster",
      "src/access",
      "src/delivery",
      "src/engagement",
      "src/words",
      "src/deps",
      "db/client",
      "db/each",
      "db/known",
      "db/words",
    ],
    packages: ["drizzle-orm"],
  },
}

/** Single files with rights of their own; anything else in `src` and `db` is the root of its folder. */
const files: Readonly<Record<string, { places: readonly string[]; packages: readonly string[] }>> = {
  "src/main.ts": { places: ["*"], packages: ["*"] },
  "src/cli.ts": { places: ["*"], packages: ["*"] },
  "src/app.ts": { places: ["*"], packages: [] },
  "src/open.ts": { places: ["*"], packages: [] },
  "src/playground.ts": { places: ["*"], packages: [] },
  "src/slack.ts": { places: ["*"], packages: [] },
  "src/teams.ts": { places: ["*"], packages: [] },
  "src/enrolling.ts": { places: ["src/platform", "src/roster"], packages: [] },
  "src/database-clock.ts": { places: ["src/platform", "db/client"], packages: [] },
  "src/sample.ts": { places: ["*"], packages: ["zod"] },
  "src/sample-people.ts": { places: ["*"], packages: ["csv-parse"] },
  "src/deps.ts": { places: ["*"], packages: [] },
  "src/ticks.ts": { places: ["src/delivery", "src/platform", "src/roster", "src/deps", "db/client", "db/queries"], packages: [] },
  "src/moved-clock.ts": { places: ["src/platform", "src/scheduling"], packages: ["zod"] },
  "src/config.ts": { places: ["src/config-slack", "src/config-teams", "src/log", "src/web-address"], packages: ["zod"] },
  "src/config-slack.ts": { places: ["src/web-address"], packages: ["zod"] },
  "src/config-teams.ts": { places: ["src/web-address"], packages: ["zod"] },
  "src/web-address.ts": { places: [], packages: [] },
  "src/http.ts": { places: ["src/log", "src/web-address"], packages: ["express"] },
  "src/heartbeat.ts": { places: ["src/log"], packages: ["node-cron"] },
  "src/jobs.ts": { places: ["src/log", "src/platform"], packages: ["pg-boss"] },
  "src/log.ts": { places: [], packages: ["pino"] },
}

/** Vendors and engines, each behind one door. */
const doors: Readonly<Record<string, RegExp>> = {
  "@slack/bolt": /^adapters\/slack\//,
  botbuilder: /^adapters\/teams\//,
  "botframework-connector": /^adapters\/teams\//,
  "botframework-schema": /^adapters\/teams\//,
  openai: /^src\/ai\/[\w-]+\.ts$/,
  "node-cron": /^src\/heartbeat\.ts$/,
  "pg-boss": /^src\/jobs\.ts$/,
  "drizzle-orm": /^db\//,
  postgres: /^db\//,
  pino: /^src\/log\.ts$/,
}

type Source = { file: string; text: string }

const sources: readonly Source[] = ["src", "adapters", "db"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { file: relative(root, path), text: readFileSync(path, "utf8") }
    }),
)

const specifiers = (text: string): string[] =>
  [...text.matchAll(/^(?:import\b.*|export\b.*|\} )from "([^"\n]+)"|^import "([^"\n]+)"|\bimport\("([^"\n]+)"\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  )

const placeOf = (file: string): string => {
  const folder = Object.keys(allowed).find((place) => file.startsWith(`${place}/`))
  return folder ?? file.replace(/\.ts$/, "")
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

function violations({ file, text }: Source): string[] {
  const own = placeOf(file)
  const rights = files[file] ?? allowed[own] ?? (file.startsWith("db/") ? { places: ["db"], packages: ["*"] } : null)
  if (rights === null) return [`${file} stands in no room of the table`]
  return specifiers(text).flatMap((specifier) => {
    if (specifier.startsWith("node:")) return []
    if (!specifier.startsWith(".")) {
      const name = packageOf(specifier)
      const door = doors[name]
      if (door && !door.test(file)) return [`${file} imports ${name}, which has its own door`]
      return rights.packages.includes("*") || rights.packages.includes(name) ? [] : [`${file} imports the package ${name}`]
    }
    const target = placeOf(normalize(join(dirname(file), specifier)))
    const fine = target === own || rights.places.includes("*") || rights.places.some((place) => target === place || target.startsWith(`${place}/`))
    return fine ? [] : [`${file} imports ${target}`]
  })
}

describe("who may import whom", () => {
  it(`reads every import of ${sources.length} files, and none breaks the table`, () => {
    expect(sources.length).toBeGreaterThan(100)
    expect(sources.flatMap((source) => specifiers(source.text)).length).toBeGreaterThan(sources.length)
    expect(sources.flatMap(violations)).toEqual([])
  })

  it.each([
    [
      "a room that imports an adapter",
      { file: "src/outreach/planted.ts", text: 'import { createPlayground } from "../../adapters/playground/entry.ts"\n' },
    ],
    ["an adapter that imports a room", { file: "adapters/playground/planted.ts", text: 'import {\n  may,\n} from "../../src/access/policy.ts"\n' }],
    ["a room that speaks to the database's engine", { file: "src/outreach/planted.ts", text: 'import { sql } from "drizzle-orm"\n' }],
    ["a room that imports a vendor", { file: "src/delivery/planted.ts", text: 'import type { App } from "@slack/bolt"\n' }],
    ["a late import", { file: "src/words/planted.ts", text: 'const room = await import("../outreach/home.ts")\n' }],
    ["a file in no room", { file: "src/helpers/planted.ts", text: "export const one = 1\n" }],
  ])("fails on %s", (_what, planted) => {
    expect(violations(planted)).toHaveLength(1)
  })

  it("keeps time, ids and the environment out of rooms", () => {
    const found = sources
      .filter(({ file }) => /^src\/[a-z]+\//.test(file) && !file.startsWith("src/cli/"))
      .filter(({ text }) => /new Date\(\)|Date\.now\(|process\.env|randomUUID\(/.test(text))
    expect(found.map(({ file }) => file)).toEqual([])
  })
})
