import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
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

  test("knows no other platform yet", async () => {
    expect(await at({})("manifest", "teams")).toMatchObject({ code: 2, out: "" })
  })
})
