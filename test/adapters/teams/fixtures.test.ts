import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { checked } from "../../../adapters/teams/guard.ts"
import { expectedOf, type Fixture, fixtureOf } from "../../fixtures/teams/record.ts"
import { scrub, vocabulary } from "../../fixtures/teams/scrub.ts"

const folder = join(import.meta.dirname, "../../fixtures/teams")
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({ name: file.replace(".json", ""), fixture: JSON.parse(readFileSync(join(folder, file), "utf8")) as Fixture }))

function kindOf(expected: Fixture["expected"]): string {
  if ("event" in expected) return (expected.event as { kind: string }).kind
  return "unknown" in expected ? "unknown_invoke" : expected.ignored
}

/** Every string in a value, its members' names too. */
function strings(value: unknown): readonly string[] {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([name, inner]) => [name, ...strings(inner)]) : []
}

describe("an activity as Teams sends it", () => {
  test.each(fixtures)("$name is read as it should be", ({ fixture }) => {
    expect(expectedOf(fixture.payload, fixture.known)).toEqual(fixture.expected)
  })

  test.each(fixtures)("$name passes the guard as it is", async ({ fixture }) => {
    const options = {
      anonymous: null,
      serviceUrls: { kind: "teams" as const, prefixes: [] },
      knows: async (tenant: string) => tenant.endsWith("f1c7"),
    }
    const outcome = await checked(Buffer.from(JSON.stringify(fixture.payload)), fixture.headers.authorization, options)
    expect(outcome).toMatchObject({ kind: "passed", activity: fixture.payload })
  })

  test.each(fixtures)("$name is made up from end to end", ({ fixture }) => {
    for (const one of strings(fixture)) {
      for (const [id] of one.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi)) expect(id).toMatch(/^00000000-0000-4000-8000-/)
      for (const [, id] of one.matchAll(/\b(?:29|a|19|1):([^@\s"\\/]+)/g)) expect(id).toMatch(/fiction|^00000000-/)
      for (const [, host] of one.matchAll(/https?:\/\/([^/\s|>"\\]+)/g))
        expect(host).toMatch(/^fiction\.example$|^smba\.trafficmanager\.net$|^schema\.skype\.com$/)
      for (const [mail] of one.matchAll(/[^\s:|<]+@[^\s>|]+\.(?:edu|com|org|net)\b/g)) expect(mail).toBe("")
      expect(one).not.toMatch(/eyJ/)
    }
  })

  test("there is one for every kind of event that Teams has, and for what is not heard", () => {
    const kinds = new Set(fixtures.map(({ fixture: { expected } }) => kindOf(expected)))
    expect([...kinds].sort()).toEqual(
      [
        ...["said", "edited", "deleted", "pressed", "submitted", "commanded", "opened_home", "arrived", "left", "unknown_invoke"],
        ...["own_message", "no_account", "not_addressed", "told_before", "told_by_installation", "members_of_team"],
        ...["reaction", "other_event", "unknown_type"],
      ].sort(),
    )
  })

  test("there is one for every kind of answer", () => {
    const answers = new Set(fixtures.flatMap(({ fixture: { expected } }) => ("as" in expected ? [expected.as] : [])))
    expect([...answers].sort()).toEqual(["execute", "message", "query", "submit_action", "task_fetch", "task_submit"])
  })
})

describe("an activity that is recorded", () => {
  const raw = JSON.stringify({
    type: "message",
    id: "1699999999918",
    timestamp: "2023-11-14T22:13:19.9182736Z",
    localTimestamp: "2023-11-14T23:13:19.9182736+01:00",
    serviceUrl: "https://smba.trafficmanager.net/emea/9f8e7d6c-1111-2222-3333-444455556666/",
    channelId: "msteams",
    from: { id: "29:1xXqZzQuackenbush_ZoeAbCdEfGh", name: "Zoë Quackenbush", aadObjectId: "AAAABBBB-1111-2222-3333-444455556666" },
    conversation: { conversationType: "personal", tenantId: "9f8e7d6c-1111-2222-3333-444455556666", id: "a:1qZzQuackConversation-AbCdEf" },
    recipient: { id: "28:9f8e7d6c-aaaa-bbbb-cccc-444455556666", name: "zzqbot" },
    textFormat: "plain",
    text: "<at>zzqbot</at>&nbsp;Hi Zoë &amp; zoe@quackschool.edu https://quackschool.edu/x 🎉 918273645",
    attachments: [
      {
        contentType: "text/html",
        content:
          '<blockquote itemtype="http://schema.skype.com/Reply" itemid="1699999990554"><p itemprop="preview">zzq</p></blockquote><p class="qzz">Hi Zoë</p>',
      },
    ],
    entities: [
      { type: "mention", text: "<at>zzqbot</at>", mentioned: { id: "28:9f8e7d6c-aaaa-bbbb-cccc-444455556666", name: "zzqbot" } },
      { type: "clientInfo", locale: "de-DE", country: "DE", platform: "iOS", timezone: "Europe/Berlin" },
    ],
    channelData: { tenant: { id: "9F8E7D6C-1111-2222-3333-444455556666" }, legacy: { replyToId: "1:1zzqLegacyReplyTo-AbCdEfGh" } },
    locale: "de-DE",
    localTimezone: "Europe/Berlin",
  })

  test("keeps its shape and what it is read as, and no trace of who and what it was", () => {
    const { headers, payload, expected } = fixtureOf(raw)
    expect(headers["x-ms-tenant-id"]).toBe("00000000-0000-4000-8000-000000000002")
    expect(expected).toMatchObject({
      event: {
        kind: "said",
        at: expect.stringMatching(/^2026-03-12T10:00:00\.\d{3}Z$/) as string,
        from: { account: { tenant: "00000000-0000-4000-8000-000000000002", user: "00000000-0000-4000-8000-000000000001" } },
        where: "direct",
        text: expect.stringMatching(/^\w+ \w+ & person1@school\.example https:\/\/fiction\.example\/1 🎉 \d$/) as string,
        inReplyTo: expect.stringMatching(/^a:1fiction1\/17733\d{8}$/) as string,
      },
      as: "message",
    })
    const kept = JSON.stringify(payload).toLowerCase()
    const traces = ["zzq", "zoë", "zoe", "quack", ".edu", "918", "554", "9f8e", "aaaab", "169999", "2023", "emea", "berlin", "de-de", '"de"', "qzz"]
    expect(traces.filter((trace) => kept.includes(trace))).toEqual([])
  })

  test("maps one id, one name and one time to one other, everywhere", () => {
    const same = {
      id: "1699999999918",
      replyToId: "1699999999918",
      aadObjectId: "AAAABBBB-1111-2222-3333-444455556666",
      text: "Zoë and zoë aaaabbbb-1111-2222-3333-444455556666",
      conversation: { id: "19:AAAABBBB-1111-2222-3333-444455556666_cccc0000-1111-2222-3333-444455556666@unq.gbl.spaces" },
      channel: { id: "19:qqq@thread.tacv2" },
      thread: { id: "19:qqq@thread.tacv2;messageid=1699999999918" },
    }
    expect(scrub(same)).toEqual({
      id: "1773309600001",
      replyToId: "1773309600001",
      aadObjectId: "00000000-0000-4000-8000-000000000001",
      text: "Maple river maple 00000000-0000-4000-8000-000000000001",
      conversation: { id: "19:00000000-0000-4000-8000-000000000001_00000000-0000-4000-8000-000000000002@unq.gbl.spaces" },
      channel: { id: "19:fiction1@thread.tacv2" },
      thread: { id: "19:fiction1@thread.tacv2;messageid=1773309600001" },
    })
  })

  // What is known beside an activity is not recorded with it.
  test.each(fixtures.filter(({ name }) => name !== "installed-told-before"))("$name is still read as what it is once scrubbed", ({ fixture }) => {
    expect(kindOf(expectedOf(scrub(fixture.payload) as Fixture["payload"]))).toBe(kindOf(fixture.expected))
  })

  test("no word survives, wherever it stood and whatever was around it", () => {
    const word = fc.stringMatching(/^[qxzjßñж9]{3,8}$/)
    const marks = [
      " ",
      ".",
      "@",
      "/",
      "://",
      "<",
      ">",
      "<p ",
      "<at>",
      "</at>",
      "|",
      ":",
      "-",
      "_",
      "&nbsp;",
      "\n",
      "#",
      "'",
      "{",
      '"',
      "=",
      "🎉",
      "29:",
      "a:",
      "19:",
      "28:",
      "T",
      "Z",
    ]
    const strange = fc.array(fc.oneof(word, fc.constantFrom(...marks)), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""))
    const everywhere = (value: unknown, into: string): unknown => {
      if (typeof value === "string") return into
      if (Array.isArray(value)) return value.map((item) => everywhere(item, into))
      if (typeof value !== "object" || value === null) return value
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          Object.hasOwn(vocabulary, name) && typeof inner === "string" && !["name", "text"].includes(name) ? inner : everywhere(inner, into),
        ]),
      )
    }
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), strange, ({ fixture }, into) => {
        expect(JSON.stringify(scrub(everywhere(fixture.payload, into)))).not.toMatch(/[qxzjßñж9]{3,}/iu)
      }),
      { numRuns: 300 },
    )
  })
})
