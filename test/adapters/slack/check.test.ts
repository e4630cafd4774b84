import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { checkSlack } from "../../../adapters/slack/check.ts"
import { botScopes } from "../../../adapters/slack/scopes.ts"
import { openSlackVendor, type SlackVendor } from "./vendor/vendor.ts"

let exact: SlackVendor
let crooked: SlackVendor
beforeAll(async () => {
  exact = await openSlackVendor({ transport: "socket", people: [], scopes: botScopes })
  crooked = await openSlackVendor({
    transport: "http",
    people: [],
    scopes: [...botScopes.filter((scope) => scope !== "im:history"), "channels:read"],
  })
})
afterAll(async () => {
  await exact.close()
  await crooked.close()
})

const asked = (vendor: SlackVendor, appToken: string | null = null, botToken: string | null = vendor.team.botToken) =>
  checkSlack({ apiUrl: vendor.apiUrl, botToken, appToken })

describe("a look at Slack", () => {
  test("tells whose the token is, that it may do exactly what is needed, and that Socket Mode opens", async () => {
    expect(await asked(exact, exact.appToken)).toEqual({
      token: { kind: "known", tenant: "T0LARKSPUR", name: "Larkspur", missing: [], surplus: [] },
      socket: { kind: "opens" },
    })
  })

  test("names scopes that are missing and scopes that nothing uses", async () => {
    expect((await asked(crooked)).token).toMatchObject({ missing: ["im:history"], surplus: ["channels:read"] })
  })

  test("asks once for each token that is given, and for none that is not", async () => {
    const before = exact.calls.length
    expect(await asked(exact, null, null)).toEqual({ token: { kind: "not_asked" }, socket: { kind: "not_asked" } })
    expect(exact.calls).toHaveLength(before)
    await asked(exact, exact.appToken)
    expect(
      exact.calls
        .slice(before)
        .map(({ method }) => method)
        .sort(),
    ).toEqual(["apps.connections.open", "auth.test"])
  })

  test.each([
    ["invalid_auth", { reason: "denied", detail: "invalid_auth" }],
    ["token_revoked", { reason: "denied", detail: "token_revoked" }],
    ["rate:7", { reason: "busy", retryAfterMs: 7_000 }],
    ["http:500", { reason: "uncertain", detail: "http_500" }],
    ["cut_before", { reason: "uncertain", detail: "request_failed" }],
    ["page", { reason: "uncertain", detail: "unreadable_response" }],
    ["a_new_code", { reason: "invalid", detail: "a_new_code" }],
  ])("gives Slack's %s back as a code, with one request", async (name, failure) => {
    const before = exact.calls.length
    exact.fail(name, "auth.test")
    expect((await asked(exact)).token).toEqual({ kind: "refused", failure })
    expect(exact.calls).toHaveLength(before + 1)
  })

  test("says so of the app token by itself", async () => {
    expect(await asked(exact, "xapp-other")).toMatchObject({
      token: { kind: "known" },
      socket: { kind: "refused", failure: { reason: "denied", detail: "invalid_auth" } },
    })
  })

  test("takes a workspace in an organisation for the workspace that it is, and refuses the organisation as a whole", async () => {
    const wide = await openSlackVendor({ transport: "http", people: [], scopes: botScopes, team: { enterprise: "E0DISTRICT" } })
    try {
      expect((await asked(wide)).token).toMatchObject({ tenant: "T0LARKSPUR" })
      wide.team.whole = true
      expect((await asked(wide)).token).toEqual({ kind: "refused", failure: { reason: "denied", detail: "organisation_wide" } })
    } finally {
      await wide.close()
    }
  })
})
