// The list of SDK members, which compiles or does not, held against what the adapter's sources use: in both directions.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { AuthenticationConstants, BotFrameworkAuthenticationFactory, ConnectorClient } from "botframework-connector"
import { JwtTokenExtractor } from "botframework-connector/lib/auth/jwtTokenExtractor.js"
import { describe, expect, test } from "vitest"
import type { Calling, Ourselves, Proving, Saying } from "./sdk-members.ts"

/** Compiles where every one of them does. */
type Listed = [Proving, Calling, Saying, Ourselves]
const groups: Readonly<Record<keyof Listed & `${number}`, string>> = { 0: "Proving", 1: "Calling", 2: "Saying", 3: "Ourselves" }

const root = join(import.meta.dirname, "../../..")
const bare = (text: string): string => text.replace(/^\s*(\/\/|\/\*|\*).*$/gm, "")
const list = bare(readFileSync(join(import.meta.dirname, "sdk-members.ts"), "utf8"))
const folder = join(root, "adapters/teams")
const sources = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => bare(readFileSync(join(folder, file), "utf8")))

/** What a file takes from the SDK by name. */
const importedIn = (text: string): string[] =>
  [...text.matchAll(/import (?:type )?\{([^}]+)\} from "(?:botbuilder|botframework-)[^"]*"/g)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== ""),
  )

/** Everything that can be called on the SDK's clients and on what proves a token, and every constant there is. */
const factory = BotFrameworkAuthenticationFactory.create()
const { conversations } = new ConnectorClient({ signRequest: async (request) => request })
const methods = [ConnectorClient.prototype, conversations, factory, JwtTokenExtractor.prototype]
  .flatMap((one) => Object.getOwnPropertyNames(one === conversations || one === factory ? Object.getPrototypeOf(one) : one))
  .filter((name) => name !== "constructor" && name.length > 5)
const constants = Object.keys(AuthenticationConstants)

const calledIn = (text: string): string[] => methods.filter((name) => new RegExp(`\\.${name}\\(`).test(text))
const namedIn = (text: string): string[] => constants.filter((name) => new RegExp(`AuthenticationConstants\\.${name}\\b`).test(text))
const usedIn = (texts: readonly string[]): string[] =>
  [...new Set(texts.flatMap((text) => [...importedIn(text), ...calledIn(text), ...namedIn(text)]))].sort()

const unlisted = (texts: readonly string[]): string[] => usedIn(texts).filter((name) => !new RegExp(`\\b${name}\\b`).test(list))

describe("the list of what is relied on in the SDK of Teams", () => {
  test("names everything that the adapter takes from it or calls on it", () => {
    expect(Object.values(groups)).toHaveLength(4)
    expect(usedIn(sources).length).toBeGreaterThan(15)
    expect(unlisted(sources)).toEqual([])
  })

  test.each([
    ["a name that is imported", 'import { TeamsInfo } from "botbuilder"', ["TeamsInfo"]],
    ["a type among others", 'import { type Activity, type TurnContext } from "botbuilder"', ["TurnContext"]],
    ["one from deep within", 'import { OpenIdMetadata } from "botframework-connector/lib/auth/openIdMetadata.js"', ["OpenIdMetadata"]],
    ["a call of the connector", "await client.conversations.deleteActivity(conversationId, id)", ["deleteActivity"]],
    [
      "a constant",
      "const url = AuthenticationConstants.DefaultChannelAuthTenant2 ?? AuthenticationConstants.BotOpenIdMetadataKey",
      ["BotOpenIdMetadataKey"],
    ],
  ])("lacks %s, planted", (_what, planted, names) => {
    expect(unlisted([...sources, planted])).toEqual(names)
  })

  test("names nothing beside", () => {
    const members = [...list.matchAll(/\["(\w+)"(?: \| "(\w+)")?\]/g)].flatMap(([, one = "", other]) => [
      one,
      ...(other === undefined ? [] : [other]),
    ])
    const classes = [...list.matchAll(/typeof (\w+),/g)].map(([, name = ""]) => name)
    expect(members.length).toBeGreaterThan(25)
    const used = (name: string) => sources.some((text) => new RegExp(`\\b${name}\\b`).test(text))
    expect([...new Set([...members, ...classes])].filter((name) => !used(name))).toEqual([])
  })
})
