// Adding the app to a workspace in a browser: only by a link of the school's admin, only in the browser that opened it.
import { ClearStateStore } from "@slack/oauth"
import { afterEach, describe, expect, test } from "vitest"
import { quiet } from "../../../src/platform/answer.ts"
import type { Installed } from "../../../src/platform/platform.ts"
import { openSlackStage, type SlackStage } from "../slack-harness.ts"

const stateSecret = "a state secret"
const publicUrl = "https://rapport.example"

const stages: SlackStage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

type Kept = { link: string; tenant: string; token: string }

async function open(came: Installed | Error = "kept") {
  const kept: Kept[] = []
  const stage = await openSlackStage(async () => quiet, {
    slack: (vendor) => ({
      access: { kind: "oauth", clientId: vendor.clientId, clientSecret: vendor.clientSecret, stateSecret, publicUrl },
      installs: {
        invited: (link) => link === "a-link",
        keep: async (link, tenant, token) => {
          if (came instanceof Error) throw came
          kept.push({ link, tenant, token })
          return came
        },
      },
    }),
  })
  stages.push(stage)
  return { stage, kept, browser: browserOf(stage) }
}

/** Keeps cookies as a browser does. */
function browserOf(stage: SlackStage, language = "en-US,en;q=0.9") {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async get(path: string) {
      const response = await fetch(`${stage.origin}${path}`, {
        redirect: "manual",
        headers: { "accept-language": language, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      })
      for (const line of response.headers.getSetCookie()) {
        const [pair = "", ...attributes] = line.split(";")
        const [name = "", value = ""] = pair.split("=")
        if (attributes.some((one) => /max-age=0|expires=thu, 01 jan 1970/i.test(one)) || value === "deleted") cookies.delete(name)
        else cookies.set(name, value)
      }
      const html = await response.text()
      return { status: response.status, html, to: response.headers.get("location"), headers: response.headers }
    },
  }
}
type Browser = ReturnType<typeof browserOf>

async function leave(browser: Browser): Promise<string> {
  const { to } = await browser.get("/slack/install?link=a-link")
  return new URL(to ?? "").searchParams.get("state") ?? ""
}
const back = (state: string, code: string) => `/slack/oauth_redirect?${new URLSearchParams({ state, code }).toString()}`

const harmless = (html: string) => {
  expect(html).not.toMatch(/<script|\bon\w+=|http-equiv|stack|Error|node_modules|xoxb|slack_oauth/)
  expect(html).toContain("<h1>")
}

describe("the way out to Slack", () => {
  test("leads to Slack's own page, with exactly the scopes, our address and a state for this browser alone", async () => {
    const { browser } = await open()
    const { status, to, headers } = await browser.get("/slack/install?link=a-link")
    const url = new URL(to ?? "")
    expect([status, url.origin + url.pathname]).toEqual([302, "https://slack.com/oauth/v2/authorize"])
    expect(url.searchParams.get("redirect_uri")).toBe(`${publicUrl}/slack/oauth_redirect`)
    expect(url.searchParams.get("scope")?.split(",")).toEqual(expect.arrayContaining(["chat:write", "im:history", "users:read.email"]))
    expect(url.searchParams.get("user_scope")).toBeNull()
    expect(headers.getSetCookie().join()).toMatch(/Secure; HttpOnly/)
  })

  test.each(["", "?link=", "?link=another", "?link=a-link&link=a-link", `?link=${"x".repeat(5_000)}`])(
    "needs a link that is good: %.20s",
    async (query) => {
      const { browser } = await open()
      const { status, html, headers } = await browser.get(`/slack/install${query}`)
      expect(status).toBe(403)
      expect(html).toContain("rapport connect slack")
      expect(headers.getSetCookie()).toEqual([])
      harmless(html)
    },
  )
})

describe("the way back", () => {
  test("keeps the installation for the school of the link", async () => {
    const { stage, kept, browser } = await open()
    const { status, html } = await browser.get(back(await leave(browser), stage.vendor.authorise()))
    expect([status, html]).toEqual([200, expect.stringContaining("Rapport is in your Slack")])
    harmless(html)
    expect(kept).toMatchObject([{ link: "a-link", tenant: "T0LARKSPUR" }])
    expect(JSON.parse(kept[0]?.token ?? "")).toMatchObject({
      bot: { token: stage.vendor.team.botToken, userId: "U0RAPPORT" },
      team: { id: "T0LARKSPUR" },
    })
    expect(stage.reports).toEqual([{ event: "slack_installed", fields: {} }])
  })

  test("what is kept is what the app then speaks with", async () => {
    const { stage, kept, browser } = await open()
    await browser.get(back(await leave(browser), stage.vendor.authorise()))
    stage.stored.set("T0LARKSPUR", kept[0]?.token ?? "")
    const address = await stage.slack.reach({ platform: "slack", tenant: "T0LARKSPUR", user: "U0AVERY" })
    expect(address.route).toBe("D0AVERY")
  })

  test("a state of another browser is refused", async () => {
    const { stage, kept, browser } = await open()
    const state = await leave(browser)
    const { status, html } = await browserOf(stage).get(back(state, stage.vendor.authorise()))
    expect([status, kept]).toEqual([400, []])
    expect(html).toContain("Please start again")
    harmless(html)
  })

  test("a state that we did not make is refused, even with its cookie", async () => {
    const { stage, kept, browser } = await open()
    const state = await new ClearStateStore("another secret").generateStateParam({ scopes: [], metadata: "a-link" }, new Date())
    browser.cookies.set("slack-app-oauth-state", state)
    expect([(await browser.get(back(state, stage.vendor.authorise()))).status, kept]).toEqual([400, []])
  })

  test("a state that is too old is refused", async () => {
    const { stage, kept, browser } = await open()
    const state = await new ClearStateStore(stateSecret).generateStateParam({ scopes: [], metadata: "a-link" }, new Date(Date.now() - 11 * 60_000))
    browser.cookies.set("slack-app-oauth-state", state)
    expect([(await browser.get(back(state, stage.vendor.authorise()))).status, kept]).toEqual([400, []])
  })

  test("a state works once: the browser forgets it, and Slack's code is spent", async () => {
    const { stage, kept, browser } = await open()
    const state = await leave(browser)
    const code = stage.vendor.authorise()
    await browser.get(back(state, code))
    expect((await browser.get(back(state, stage.vendor.authorise()))).status).toBe(400)
    browser.cookies.set("slack-app-oauth-state", state)
    const { status, html } = await browser.get(back(state, code))
    expect([status, kept.length]).toEqual([502, 1])
    expect(html).toContain("That did not work")
    harmless(html)
  })

  test("who said no in Slack reads that nothing was changed", async () => {
    const { kept, browser } = await open()
    const state = await leave(browser)
    const { status, html } = await browser.get(`/slack/oauth_redirect?error=access_denied&state=${encodeURIComponent(state)}`)
    expect([status, kept]).toEqual([200, []])
    expect(html).toContain("nothing was changed")
    harmless(html)
  })

  test.each(["", "?code=x", "?state=x", "?error=<script>alert(1)</script>", "?code=x&state=<script>"])(
    "half a way back is refused: %s",
    async (query) => {
      const { kept, browser } = await open()
      await leave(browser)
      const { status, html } = await browser.get(`/slack/oauth_redirect${query}`)
      expect([status, kept]).toEqual([400, []])
      harmless(html)
    },
  )

  test.each([
    ["elsewhere", 409, "belongs to another school"],
    ["not_invited", 403, "needs an install link"],
  ] as const)("a workspace that is not to be kept (%s) is not, and the admin reads why", async (came, expected, sentence) => {
    const { stage, browser } = await open(came)
    const before = stage.vendor.calls.length
    const { status, html } = await browser.get(back(await leave(browser), stage.vendor.authorise()))
    expect([status, html]).toEqual([expected, expect.stringContaining(sentence)])
    harmless(html)
    expect(stage.vendor.calls.slice(before).map(({ method }) => method)).toEqual(["oauth.v2.access", "auth.test"])
    expect(stage.reports).toEqual([{ event: "slack_install_failed", fields: { code: came } }])
  })

  test.each([
    ["en", "Please choose one workspace"],
    ["es", "Elige un solo espacio de trabajo"],
  ])("an organisation as a whole is refused, and the admin reads what to do (%s)", async (language, sentence) => {
    const { stage, kept } = await open()
    Object.assign(stage.vendor.team, { enterprise: "E0DISTRICT", whole: true })
    const browser = browserOf(stage, language)
    const { status, html } = await browser.get(back(await leave(browser), stage.vendor.authorise()))
    expect([status, html, kept]).toEqual([409, expect.stringContaining(sentence), []])
    harmless(html)
    expect(stage.reports).toEqual([{ event: "slack_install_failed", fields: { code: "organisation_wide" } }])
  })

  test("a workspace of an organisation is kept as any other", async () => {
    const { stage, kept, browser } = await open()
    stage.vendor.team.enterprise = "E0DISTRICT"
    expect((await browser.get(back(await leave(browser), stage.vendor.authorise()))).status).toBe(200)
    expect(kept).toMatchObject([{ tenant: "T0LARKSPUR" }])
  })

  test.each(["oauth.v2.access", "auth.test"])("where Slack does not answer (%s) nothing is kept", async (method) => {
    const { stage, kept, browser } = await open()
    stage.vendor.fail("cut_before", method)
    const { status, html } = await browser.get(back(await leave(browser), stage.vendor.authorise()))
    expect([status, kept]).toEqual([502, []])
    harmless(html)
  })

  test("where it could not be kept the admin hears so, without the reason", async () => {
    const { stage, browser } = await open(new Error("a secret of the database"))
    const { status, html } = await browser.get(back(await leave(browser), stage.vendor.authorise()))
    expect(status).toBe(502)
    expect(html).not.toContain("secret")
    harmless(html)
    expect(JSON.stringify(stage.reports)).not.toContain("secret")
  })
})

describe("the pages", () => {
  test.each([
    ["es-MX,es;q=0.9,en;q=0.5", "es", "Falta el enlace"],
    ["en;q=0.3, es;q=0.8", "es", "Falta el enlace"],
    ["fr, en;q=0.5, es;q=0.2", "en", "This needs an install link"],
    ["es;q=0", "en", "This needs an install link"],
    ["*", "en", "This needs an install link"],
    [";;q=,,=", "en", "This needs an install link"],
  ])("speak the language that the browser asks for: %s", async (accepted, language, sentence) => {
    const { stage } = await open()
    const { html, headers } = await browserOf(stage, accepted).get("/slack/install")
    expect([headers.get("content-language"), html]).toEqual([language, expect.stringContaining(sentence)])
    expect(html).toContain(`<html lang="${language}">`)
  })
})
