import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { typedWords } from "../../../adapters/slack/words.ts"
import { expectedOf, type Fixture, fixtureOf, payloadIn } from "../../fixtures/slack/record.ts"
import { scrub, vocabulary } from "../../fixtures/slack/scrub.ts"

const folder = join(import.meta.dirname, "../../fixtures/slack")
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({ name: file.replace(".json", ""), fixture: JSON.parse(readFileSync(join(folder, file), "utf8")) as Fixture }))
const named = (name: string): Fixture => {
  const found = fixtures.find((one) => one.name === name)
  if (!found) throw new Error(`no fixture ${name}`)
  return found.fixture
}

function kindOf(expected: Fixture["expected"]): string {
  if ("event" in expected) return (expected.event as { kind: string }).kind
  return "picture" in expected ? "picture" : expected.ignored
}

/** Every string in a value, its members' names too. */
function strings(value: unknown): readonly string[] {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(strings)
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([name, inner]) => [name, ...strings(inner)]) : []
}

describe("a payload as Slack sends it", () => {
  test.each(fixtures)("$name is read as it should be", ({ fixture }) => {
    expect(expectedOf(fixture.payload, fixture.known)).toEqual(fixture.expected)
  })

  test.each(fixtures)("$name is made up from end to end", ({ fixture }) => {
    const all = strings([fixture.headers, fixture.payload, fixture.expected])
    for (const one of all) {
      for (const [id] of one.matchAll(/\b[ABCDEFGSTUVW](?=[A-Z]*\d)[A-Z0-9]{7,14}\b/g)) expect(id).toMatch(/0FICT/)
      for (const [, host] of one.matchAll(/https?:\/\/([^/\s|>]+)/g)) expect(host).toMatch(/(?:^|\.)example(?:\.org)?$|^api\.slack\.com$/)
      for (const [mail] of one.matchAll(/[^\s:|<]+@[^\s>|]+\.[a-z]+/g)) expect(mail).toMatch(/@school\.example$/)
      expect(one).not.toMatch(/xox[a-z]-|xapp-/)
    }
  })

  test("there is one for every kind of event, and for what is not heard", () => {
    const kinds = new Set(fixtures.map(({ fixture: { expected } }) => kindOf(expected)))
    expect([...kinds].sort()).toEqual(
      [
        ...["said", "edited", "deleted", "pressed", "submitted", "commanded", "opened_home", "arrived", "left", "disconnected", "picture"],
        ...["own_message", "other_bot", "same_words", "messages_tab", "profile_changed", "unknown_type"],
      ].sort(),
    )
  })
})

describe("a payload that is recorded", () => {
  const raw = JSON.stringify({
    token: "Xyzzyqtoken",
    team_id: "T9XKQZQLM",
    event: {
      type: "message",
      user: "U7HHD82KA",
      text: "Hi <@U8AAAA1BB|zzqmaria>, Zoë Quackenbush &amp; zoe@quackschool.edu <https://quackschool.edu/x|zzqour site> :tada: :zzqmascot: 918273645",
      ts: "1699999999.918273",
      blocks: [
        {
          type: "rich_text",
          block_id: "Qzq9",
          elements: [
            {
              type: "rich_text_section",
              elements: [
                { type: "text", text: "Zoë Quackenbush" },
                { type: "emoji", name: "tada", unicode: "1f389" },
                { type: "emoji", name: "zzqmascot" },
              ],
            },
          ],
        },
      ],
      files: [{ name: "zzq report.pdf", url_private: "https://files.slack.com/files-pri/T9XKQZQLM-F1/zzq.pdf", size: 918_273 }],
      thread_ts: "1699999990.554433",
      channel: "D7JJ2KK1L",
      channel_type: "im",
    },
    type: "event_callback",
    event_id: "Ev07ABCDEF12",
    event_time: 1_699_999_999,
    authorizations: [{ team_id: "T9XKQZQLM", user_id: "U6BOTABOT2", is_bot: true, is_enterprise_install: false, enterprise_id: null }],
    event_context: "4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUOVhLUVpRTE0ifQ",
  })

  test("keeps its shape and what it is read as, and no trace of who and what it was", () => {
    const { headers, payload, expected } = fixtureOf(raw)
    expect(headers["content-type"]).toBe("application/json")
    expect(expected).toMatchObject({
      event: {
        kind: "said",
        from: { account: { tenant: "T0FICTION1", user: "U0FICTION1" }, route: "D0FICTION1" },
        text: expect.stringMatching(/^Maple @\w+, \w+ \w+ & person1@school\.example \w+ \w+ \(https:\/\/fiction\.example\/\d\) 🎉 :\w+: \d$/),
        inReplyTo: expect.stringMatching(/^D0FICTION1\/17733\d{5}\.\d{6}$/),
      },
    })
    const kept = JSON.stringify(payload).toLowerCase()
    const traces = [
      "xyzzy",
      "xkqzq",
      "hhd82",
      "aaaa1",
      "zzq",
      "zoë",
      "zoe",
      "quack",
      ".edu",
      "918273",
      "554433",
      "jj2kk",
      "abcdef12",
      "eyj",
      "slack.com",
      "169999",
    ]
    expect(traces.filter((trace) => kept.includes(trace))).toEqual([])
  })

  test("keeps emoji what they are, under other names", () => {
    const wave = { type: "emoji", name: "zzq-wave", unicode: "1f44b-1f3fd" }
    const scrubbed = scrub({ text: ":zzq-wave::skin-tone-4: 10:30", blocks: [{ type: "rich_text", elements: [wave] }] }) as {
      text: string
      blocks: unknown[]
    }
    expect(JSON.stringify(scrubbed)).not.toContain("zzq")
    expect(typedWords(scrubbed.text, scrubbed.blocks)).toBe("👋🏽 1:2")
  })

  test("maps one id, one name and one time to one other, everywhere", () => {
    const same = {
      user: "U7HHD82KA",
      ts: "1699999999.918273",
      text: "Zoë and zoë <@U7HHD82KA>",
      reply_users: ["U7HHD82KA", "UABCDEFGH"],
      thread_ts: "1699999999.918273",
      name: "Zoë",
    }
    expect(scrub(same)).toEqual({
      user: "U0FICTION1",
      ts: "1773309600.000100",
      text: "Maple river maple <@U0FICTION1>",
      reply_users: ["U0FICTION1", "U0FICTION2"],
      thread_ts: "1773309600.000100",
      name: "Maple",
    })
  })

  test.each(fixtures)("$name is still read as what it is once scrubbed", ({ fixture }) => {
    const again = expectedOf(scrub(fixture.payload))
    expect(kindOf(again)).toBe(kindOf(fixture.expected))
  })

  test("no word survives, wherever it stood and whatever was around it", () => {
    const word = fc.stringMatching(/^[qxzjßñж9]{3,8}$/)
    const mark = fc.constantFrom(
      " ",
      ".",
      "@",
      "/",
      "://",
      "<",
      ">",
      "|",
      ":",
      "-",
      "_",
      "&amp;",
      "\n",
      "<@",
      "#",
      "'",
      "{",
      '"',
      "=",
      "🎉",
      "mailto:",
      "U0",
    )
    const strange = fc.array(fc.oneof(word, mark), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""))
    const everywhere = (value: unknown, into: string): unknown => {
      if (typeof value === "string") return into
      if (Array.isArray(value)) return value.map((item) => everywhere(item, into))
      if (typeof value !== "object" || value === null) return value
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, Object.hasOwn(vocabulary, name) ? inner : everywhere(inner, into)]),
      )
    }
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), strange, ({ fixture }, into) => {
        expect(JSON.stringify(scrub(everywhere(fixture.payload, into)))).not.toMatch(/[qxzjßñж9]{3,}/iu)
      }),
      { numRuns: 300 },
    )
  })

  test("comes as JSON, as a form, or as JSON in a form", () => {
    expect(payloadIn(` ${raw}\n`)).toEqual({ payload: JSON.parse(raw), type: "application/json" })
    const press = named("pressed-button").payload
    expect(payloadIn(new URLSearchParams({ payload: JSON.stringify(press) }).toString())).toEqual({
      payload: press,
      type: "application/x-www-form-urlencoded",
    })
    expect(payloadIn(JSON.stringify(press)).type).toBe("application/x-www-form-urlencoded")
    const command = named("command-in-channel").payload as Record<string, string>
    expect(payloadIn(`${new URLSearchParams(command).toString()}\n`)).toEqual({ payload: command, type: "application/x-www-form-urlencoded" })
  })
})
