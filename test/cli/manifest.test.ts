import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { unzipSync } from "fflate"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parse } from "yaml"
import { manifestCaps } from "../../adapters/slack/manifest.ts"
import { rapportHere } from "./rapport.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-manifest-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const at = (env: Record<string, string>) => rapportHere(env)
const url = "https://rapport.example.org"

describe("rapport manifest slack", () => {
  test("needs no database and no other setting, and prints YAML within Slack's caps", async () => {
    const run = await at({})("manifest", "slack", "--url", `${url}/`)
    expect(run).toMatchObject({ code: 0, err: "" })
    const manifest = parse(run.out)
    expect(manifest.settings.event_subscriptions.request_url).toBe(`${url}/slack/events`)
    expect(manifest.settings.socket_mode_enabled).toBe(false)
    const { name, description, long_description } = manifest.display_information
    expect(name.length).toBeLessThanOrEqual(35)
    expect(description.length).toBeLessThanOrEqual(manifestCaps.description)
    expect(long_description.length).toBeGreaterThanOrEqual(manifestCaps.longDescription[0])
  })

  test("takes PUBLIC_URL, or Socket Mode where an app token is set, and every language", async () => {
    expect(parse((await at({ PUBLIC_URL: url })("manifest", "slack")).out).settings.interactivity.request_url).toBe(`${url}/slack/events`)
    expect(parse((await at({ SLACK_APP_TOKEN: "xapp-1" })("manifest", "slack")).out).settings.socket_mode_enabled).toBe(true)
    const spanish = parse((await at({})("manifest", "slack", "--socket", "--language", "es")).out)
    expect(spanish.features.slash_commands.map((one: { command: string }) => one.command)).toContain("/reflect")
    const { description, long_description } = spanish.display_information
    expect(description.length).toBeLessThanOrEqual(manifestCaps.description)
    expect(long_description.length).toBeGreaterThanOrEqual(manifestCaps.longDescription[0])
  })

  test("writes a file, and says where to paste it", async () => {
    const out = join(folder, "slack.yaml")
    expect((await at({})("manifest", "slack", "--socket", "--out", out)).out).toContain("https://api.slack.com/apps")
    expect(parse(await readFile(out, "utf8")).settings.socket_mode_enabled).toBe(true)
  })

  test.each([
    ["no way for Slack to reach it", [], {}, 1, "add --url https://"],
    ["an address in the clear", ["--url", "http://rapport.example.org"], {}, 1, "--url must be an address that begins with https://"],
    [
      "a public address of this machine only",
      [],
      { PUBLIC_URL: "http://localhost:3000" },
      1,
      "PUBLIC_URL must be an address that begins with https://",
    ],
    ["an address with a path", ["--url", "https://rapport.example.org/slack/"], {}, 1, "--url must be the address alone"],
    ["a public address with a path", [], { PUBLIC_URL: "https://rapport.example.org/slack/events" }, 1, "PUBLIC_URL must be the address alone"],
    ["a folder that is not there", ["--socket", "--out", "/nonexistent/a.yaml"], {}, 1, "cannot be written (ENOENT)"],
    ["a language we do not speak", ["--socket", "--language", "fr"], {}, 2, "Allowed choices are en, es"],
  ])("refuses %s", async (_what, args, env, code, says) => {
    const run = await at(env)("manifest", "slack", ...args)
    expect(run).toMatchObject({ code, out: "" })
    expect(run.err).toContain(says)
  })
})

const appId = "11111111-2222-3333-4444-555555555555"
const page = "https://school.example.org/rapport"

describe("rapport manifest teams", () => {
  test("needs nothing but the app's id, and shows the manifest", async () => {
    const run = await at({ MicrosoftAppId: appId })("manifest", "teams", "--website", page)
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(JSON.parse(run.out)).toMatchObject({
      id: appId,
      bots: [{ botId: appId }],
      developer: { privacyUrl: page },
      manifestVersion: expect.any(String),
    })
  })

  test("takes the id from the command line before the environment's, as Teams writes it", async () => {
    const run = await at({ MicrosoftAppId: "99999999-2222-3333-4444-555555555555" })(
      "manifest",
      "teams",
      "--app-id",
      "AAAAAAAA-2222-3333-4444-555555555555",
    )
    expect(JSON.parse(run.out).id).toBe("aaaaaaaa-2222-3333-4444-555555555555")
  })

  test("says where its links lead to unless it was told", async () => {
    const alone = await at({ MicrosoftAppId: appId })("manifest", "teams")
    expect(alone.err).toContain("--website")
    expect(JSON.parse(alone.out).developer.websiteUrl).toBe("https://example.org")
    const ours = await at({ MicrosoftAppId: appId, PUBLIC_URL: url })("manifest", "teams")
    expect(JSON.parse(ours.out).developer.websiteUrl).toBe(url)
    expect(ours.err).toContain(url)
  })

  test("begins with the language that is asked for", async () => {
    const run = await at({ MicrosoftAppId: appId })("manifest", "teams", "--language", "es", "--website", page)
    const manifest = JSON.parse(run.out)
    expect(manifest.localizationInfo).toEqual({ defaultLanguageTag: "es", additionalLanguages: [{ languageTag: "en", file: "en.json" }] })
    expect(manifest.bots[0].commandLists[0].commands[0].title).toBe("reflexión")
  })

  test("writes a zip, and says where to upload it", async () => {
    const out = join(folder, "teams.zip")
    const run = await at({ MicrosoftAppId: appId })("manifest", "teams", "--out", out, "--website", page)
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.out).toContain("https://admin.teams.microsoft.com")
    expect(Object.keys(unzipSync(await readFile(out)))).toContain("manifest.json")
  })

  test.each([
    ["an app that nobody named", [], {}, 1, "set MicrosoftAppId, or add --app-id"],
    ["an empty id", [], { MicrosoftAppId: " " }, 1, "set MicrosoftAppId, or add --app-id"],
    ["what is no id, in the environment", [], { MicrosoftAppId: "rapport" }, 1, "MicrosoftAppId must be the Application (client) ID"],
    ["what is no id, as it was typed", ["--app-id", "rapport"], { MicrosoftAppId: appId }, 1, "--app-id must be the Application (client) ID"],
    [
      "a page in the clear",
      ["--app-id", appId, "--website", "http://school.example.org"],
      {},
      1,
      "--website must be an address that begins with https://",
    ],
    ["a file that Teams would not take", ["--app-id", appId, "--out", "teams.json"], {}, 1, "--out must name a file that ends in .zip"],
    ["a folder that is not there", ["--app-id", appId, "--out", "/nonexistent/a.zip"], {}, 1, "cannot be written (ENOENT)"],
    ["a language we do not speak", ["--app-id", appId, "--language", "fr"], {}, 2, "Allowed choices are en, es"],
    ["what is Slack's", ["--app-id", appId, "--socket"], {}, 2, "unknown option '--socket'"],
  ])("refuses %s", async (_what, args, env, code, says) => {
    const run = await at(env)("manifest", "teams", ...args)
    expect(run).toMatchObject({ code, out: "" })
    expect(run.err).toContain(says)
  })

  test("writes over no folder", async () => {
    const out = join(folder, "folder.zip")
    await mkdir(out)
    const run = await at({ MicrosoftAppId: appId })("manifest", "teams", "--out", out)
    expect(run).toMatchObject({ code: 1, out: "" })
    expect(run.err).toContain("is a folder: name a file")
  })
})

test("rapport manifest knows no other platform, and says which it knows", async () => {
  expect(await at({})("manifest", "discord")).toMatchObject({ code: 2, out: "" })
  const bare = await at({})("manifest")
  expect(bare).toMatchObject({ code: 2, out: "" })
  expect(bare.err).toMatch(/slack .*\n.*teams /)
})
