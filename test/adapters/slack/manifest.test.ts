// Scopes, events and commands, held against what the sources do and what the bot knows, in both directions.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { WebClient } from "@slack/web-api"
import { describe, expect, test } from "vitest"
import { isFreeCommand, manifestCaps, slackManifest } from "../../../adapters/slack/manifest.ts"
import { botEvents, botScopes, eventScopes, methodScopes, neededFor } from "../../../adapters/slack/scopes.ts"
import { slashCommands } from "../../../src/cli/manifest.ts"
import { commandNames, slashCommand } from "../../../src/conversation/commands.ts"

const root = join(import.meta.dirname, "../../..")
const folder = join(root, "adapters/slack")
const tables = new Set(["scopes.ts", "manifest.ts"])
const sources = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && !tables.has(file))
  .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8").replace(/^\s*(\/\/|\/\*|\*).*$/gm, "") }))

/** Every method of the Web API that the SDK knows, by its dotted name. */
function methodsOf(client: object, path: readonly string[] = []): string[] {
  return Object.entries(client).flatMap(([name, value]) => {
    if (name.startsWith("_") || (path.length === 0 && !families.has(name))) return []
    if (typeof value === "function") return path.length === 0 ? [] : [[...path, name].join(".")]
    return typeof value === "object" && value !== null ? methodsOf(value, [...path, name]) : []
  })
}
const families = new Set(
  "admin api apps assistant auth bookmarks bots calls canvases chat conversations dialog dnd emoji files functions migration oauth openid pins reactions reminders rtm search slackLists stars team tooling usergroups users views workflows".split(
    " ",
  ),
)
const known = methodsOf(new WebClient()).filter((name) => name !== "files.uploadV2")
/** What `files.uploadV2` calls in its turn. */
const uploadV2 = ["files.getUploadURLExternal", "files.completeUploadExternal"]

/** Methods that a source calls by the SDK's members, or names in a string. */
function calledIn(text: string): string[] {
  const members = [...text.matchAll(/\.([a-z]\w*(?:\.[a-z]\w*)+)\s*\(/gi)].map((match) => match[1] ?? "")
  const strings = [...text.matchAll(/["'`]([a-z]+(?:\.[a-zA-Z0-9]+)+)["'`]/g)].map((match) => match[1] ?? "")
  const named = [...members, ...strings]
  const found = named.flatMap((name) => known.filter((method) => name === method || name.endsWith(`.${method}`)))
  return [...new Set([...found, ...(/files\.uploadV2\s*\(/.test(text) ? uploadV2 : [])])]
}
/** The SDK asks it for us, wherever Socket Mode is opened. */
const opensSocket = (text: string): string[] => (/new SocketModeReceiver\(/.test(text) ? ["apps.connections.open"] : [])
const allCalled = (texts: readonly string[]) => [...new Set(texts.flatMap((text) => [...calledIn(text), ...opensSocket(text)]))].sort()

/** Every event that Slack lets an app subscribe to, as its own SDK lists them. */
const listed = readFileSync(join(root, "node_modules/@slack/web-api/dist/types/request/manifest.d.ts"), "utf8")
const slackEvents = new Set([...(/type ManifestEvent = ([^;]+);/.exec(listed)?.[1] ?? "").matchAll(/'([\w.]+)'/g)].map((match) => match[1] ?? ""))

/** Events that a source tells apart. A direct message's event is called `message`. */
const takenIn = (text: string): string[] =>
  [...text.matchAll(/(?:case |[!=]== )"([\w.]+)"/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => slackEvents.has(name))
    .map((name) => (name === "message" ? "message.im" : name))
const allTaken = (texts: readonly string[]) => [...new Set(texts.flatMap(takenIn))].sort()

const texts = sources.map(({ text }) => text)
const receiving = sources.filter(({ file }) => file.startsWith("receive")).map(({ text }) => text)

describe("the app asks Slack for exactly what it uses", () => {
  test("every method that the sources call stands in the table, and none beside them", () => {
    expect(allCalled(texts)).toEqual(Object.keys(methodScopes).sort())
  })

  test("every event that the sources take is subscribed to, and none beside them", () => {
    expect(allTaken(receiving)).toEqual([...botEvents].sort())
  })

  test.each([
    ["a method called by its member", "await client.reactions.add({ channel })", "reactions.add"],
    ["a deeper one", "await slack.admin.users.list({})", "admin.users.list"],
    ["a method called by its name", 'await client.apiCall("conversations.list", {})', "conversations.list"],
  ])("%s, planted, is found", (_what, planted, method) => {
    expect(allCalled([...texts, planted])).toContain(method)
    expect(allCalled([...texts, planted])).not.toEqual(Object.keys(methodScopes).sort())
  })

  test("an upload counts as the two calls it makes", () => {
    expect(allCalled(["await client.files.uploadV2({})"])).toEqual(["files.completeUploadExternal", "files.getUploadURLExternal"])
  })

  test("an event that is taken without a subscription is found", () => {
    expect(allTaken([...receiving, 'case "reaction_added":'])).not.toEqual([...botEvents].sort())
  })

  test("Slack knows every one of them, and each scope says what it is for", () => {
    expect(Object.keys(methodScopes).filter((method) => !known.includes(method))).toEqual([])
    expect(botEvents.filter((event) => !slackEvents.has(event))).toEqual([])
    const scopes = new Set([...(/type BotScope = ([^;]+);/.exec(listed)?.[1] ?? "").matchAll(/'([^']+)'/g)].map((match) => match[1]))
    expect(botScopes.filter((scope) => !scopes.has(scope))).toEqual([])
    expect(botScopes.filter((scope) => neededFor(scope).length === 0)).toEqual([])
    expect(botScopes).toEqual([
      ...["chat:write", "commands", "files:read", "files:write", "im:history", "im:write", "users:read", "users:read.email"],
    ])
  })

  test("each inbound kind that comes of an event has one", () => {
    const kinds = Object.values(eventScopes).flatMap(({ becomes }) => becomes)
    expect([...new Set(kinds)].sort()).toEqual(["arrived", "deleted", "disconnected", "edited", "left", "opened_home", "said"])
  })
})

const words = { description: "d", longDescription: "l".repeat(175) }

describe("the app's slash commands", () => {
  test.each(["en", "es"] as const)("are those the bot knows, in its words of %s, and none that Slack keeps for itself", (language) => {
    const names = slashCommands(language).map(({ name }) => name)
    expect(names.filter((name) => !isFreeCommand(name))).toEqual([])
    // What has no slash of its own is typed behind /rapport.
    const behind = commandNames.filter((name) => !names.includes(name))
    expect(behind).toEqual(["help", "stop", "start", "away", "here"])
    for (const name of behind) expect(slashCommand("/rapport", `${name} x`)).toEqual({ command: name, text: "x" })
    for (const name of names.filter((one) => one !== "rapport")) expect(slashCommand(`/${name}`, "x")).toEqual({ command: name, text: "x" })
  })

  test.each(["en", "es"] as const)("hold to Slack's caps in %s", (language) => {
    const commands = slashCommands(language)
    expect(commands.length).toBeLessThanOrEqual(manifestCaps.commands)
    for (const { name, description, hint } of commands) {
      expect(name).toMatch(/^[a-z]+$/)
      expect(name.length).toBeLessThan(manifestCaps.command)
      expect(description.length).toBeLessThanOrEqual(manifestCaps.commandText)
      expect(hint?.length ?? 1).toBeLessThanOrEqual(manifestCaps.hint)
    }
  })
})

describe("the app", () => {
  const commands = slashCommands("en")

  test("is called at one address, and has a home, messages that may be written, and no more", () => {
    const manifest = slackManifest({ ...words, commands, publicUrl: "https://r.example.org", socket: false })
    expect(manifest.features?.app_home).toEqual({ home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false })
    expect(manifest.features?.slash_commands?.map(({ command, url, should_escape }) => ({ command, url, should_escape }))).toEqual(
      commands.map(({ name }) => ({ command: `/${name}`, url: "https://r.example.org/slack/events", should_escape: true })),
    )
    expect(manifest.oauth_config).toEqual({ redirect_urls: ["https://r.example.org/slack/oauth_redirect"], scopes: { bot: botScopes } })
    expect(manifest.settings).toEqual({
      event_subscriptions: { request_url: "https://r.example.org/slack/events", bot_events: botEvents },
      interactivity: { is_enabled: true, request_url: "https://r.example.org/slack/events" },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    })
  })

  test("has no address in Socket Mode, but where to come back to from an install", () => {
    expect(JSON.stringify(slackManifest({ ...words, commands, publicUrl: null, socket: true }))).not.toContain("http")
    const both = slackManifest({ ...words, commands, publicUrl: "https://r.example.org", socket: true })
    expect(JSON.stringify(both).match(/https:[^"]+/g)).toEqual(["https://r.example.org/slack/oauth_redirect"])
    expect(both.settings?.socket_mode_enabled).toBe(true)
  })
})
