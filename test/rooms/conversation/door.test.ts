import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { openDatabase, rows, withoutSchool } from "../../../db/client.ts"
import { workspaceRows } from "../../../db/queries/workspaces.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, type PersonName, promptFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { type Door, doorOf, inShared, kept, keptWords, said, shown } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
let door: Door
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: randomUUID() })
  door = await doorOf(school, now)
})

const danger = "I want to kill myself"
const from = (who: PersonName, happened: Parameters<typeof eventFrom>[3]) => eventFrom(school, who, now, happened)
const says = async (who: PersonName, text: string) => shown(await door.receive(said(school, who, now, text)))

describe("an event acts once", () => {
  test("whether it comes four times at once or once more later", async () => {
    const event = said(school, "ada", now, "A crane by the river.")
    const answers = await Promise.all([event, event, event, event].map((one) => door.receive(one)))
    const later = await door.receive(event)
    expect(answers.map(({ kind }) => kind).sort()).toEqual(["quiet", "quiet", "quiet", "say"])
    expect(later.kind).toBe("quiet")
    expect(await kept(school)).toMatchObject({ replies: 1, parts: 1 })
  })

  test("also where it is about danger: one event, one alert a person", async () => {
    const event = said(school, "ada", now, danger)
    await Promise.all([event, event, event, event].map((one) => door.receive(one)))
    expect(await kept(school)).toMatchObject({ safety: 1 })
    expect(await look(school, sql`select 1 from delivery where kind = 'safety_alert'`)).toHaveLength(1)
  })

  test("and a failure keeps nothing of it, so that it may come again", async () => {
    const event = said(school, "ada", now, "A crane by the river.")
    const closed = openDatabase("postgres://nobody@127.0.0.1:1/none", { max: 1 })
    await expect((await doorOf(school, now, closed)).receive(event)).rejects.toThrow("ECONNREFUSED")
    await closed.close()
    expect((await door.receive(event)).kind).toBe("say")
    expect(await kept(school)).toMatchObject({ replies: 1 })
  })
})

describe("a database that fails", () => {
  test("still answers words about danger with the fixed words, and asks for the event again", async () => {
    const closed = openDatabase("postgres://nobody@127.0.0.1:1/none", { max: 1 })
    const broken = await doorOf(school, now, closed)
    const answer = await broken.receive(said(school, "ada", now, danger))
    await closed.close()
    expect(answer).toMatchObject({ kind: "say", again: true })
    expect(shown(answer)).toContain("988")
    expect(broken.logged.join()).toContain("event_not_kept")
    expect(broken.logged.join()).not.toContain("kill")
  })

  test("throws for anything else, so that the vendor sends it again", async () => {
    const closed = openDatabase("postgres://nobody@127.0.0.1:1/none", { max: 1 })
    const broken = await doorOf(school, now, closed)
    await expect(broken.receive(said(school, "ada", now, "All well."))).rejects.toThrow("ECONNREFUSED")
    await closed.close()
  })
})

describe("a workspace that nobody connected", () => {
  const elsewhere = (event: InboundEvent): InboundEvent => ({
    ...event,
    from: { account: { ...event.from.account, tenant: "elsewhere" }, route: "r" },
  })

  test("is told in one sentence, in both languages: nobody knows which is theirs", async () => {
    const sentences = ["Hi! I am not set up for this workspace yet.", "¡Hola! Todavía no estoy configurado para este espacio."]
    const answer = await door.receive(elsewhere(said(school, "ada", now, "Hello?")))
    expect(shown(answer).split("\n")).toEqual(sentences)
    expect(answer).toMatchObject({ message: { summary: sentences.join(" ") } })
  })
  test("gets a home page for a home page, and nothing for what needs no answer", async () => {
    expect((await door.receive(elsewhere(from("ada", { kind: "opened_home" })))).kind).toBe("home")
    expect((await door.receive(elsewhere(from("ada", { kind: "left" })))).kind).toBe("quiet")
  })
  test("still gets the fixed words for danger", async () => {
    expect(shown(await door.receive(elsewhere(said(school, "ada", now, danger))))).toContain("988")
  })
})

describe("an account that is linked to nobody", () => {
  const unlinked = (event: InboundEvent): InboundEvent => ({ ...event, from: { account: { ...event.from.account, user: "passer-by" }, route: "r" } })

  test("is answered politely, and nothing of it is kept", async () => {
    const before = await kept(school)
    expect(shown(await door.receive(unlinked(said(school, "ada", now, "What is this?"))))).toContain("I only talk with people on Larch Hill's list")
    await door.receive(unlinked(from("ada", { kind: "pressed", action: "reflect_first", target: randomUUID(), value: null, messageId: "m" })))
    await door.receive(unlinked(from("ada", { kind: "commanded", command: "/mentee", text: "Ada" })))
    expect(await kept(school)).toEqual(before)
  })
  test("gets a home page for a home page, and nothing for what needs no answer", async () => {
    expect((await door.receive(unlinked(from("ada", { kind: "opened_home" })))).kind).toBe("home")
    for (const happened of [{ kind: "left" }, { kind: "deleted", messageId: "m" }, { kind: "edited", messageId: "m", text: "x" }] as const)
      expect((await door.receive(unlinked(from("ada", happened)))).kind).toBe("quiet")
  })
  test("is heard when it writes of danger", async () => {
    expect(shown(await door.receive(unlinked(said(school, "ada", now, danger))))).toContain("988")
    expect(await kept(school)).toMatchObject({ safety: 1, replies: 0 })
  })
  test("of another school's person in this workspace is a stranger too", async () => {
    const other = await seedSchool(database.db, { tenant: randomUUID() })
    await withoutSchool(database.db, async (tx) => {
      await rows(
        tx,
        sql`insert into account (platform, tenant, user_id, school_id, person_id) values ('playground', ${school.tenant}, 'passer-by', ${other.id}, ${other.people.rivera})`,
      )
    })
    expect(shown(await door.receive(unlinked(from("rivera", { kind: "commanded", command: "/mentee", text: "Ada" }))))).toContain("I only talk with")
  })
})

describe("somebody who has left the school", () => {
  test.each(["ada", "rivera"] as const)("%s has no rights from that moment on", async (who) => {
    await look(school, sql`update person set status = 'ended' where id = ${school.people[who]}`)
    const before = await kept(school)
    expect(await says(who, "Are you there?")).toContain("I only talk with people on Larch Hill's list")
    expect(shown(await door.receive(from(who, { kind: "commanded", command: "/mentee", text: "Ben" })))).toContain("I only talk with")
    expect(await kept(school)).toEqual(before)
  })
})

describe("what does not exist any more, or never did", () => {
  const names = ["nothing_like_it", "constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"]

  const answersTo = async (who: PersonName, happened: (name: string) => Parameters<typeof eventFrom>[3]) => {
    const answers: string[] = []
    for (const name of names) answers.push(shown(await door.receive(from(who, happened(name)))))
    return new Set(answers)
  }
  const stale = "That button is from an earlier message and does nothing any more."

  test("a button of any such name is stale", async () => {
    const answers = await answersTo("ada", (action) => ({ kind: "pressed", action, target: randomUUID(), value: null, messageId: "m" }))
    expect(answers).toEqual(new Set([stale]))
  })
  test("a form of any such name is stale", async () => {
    expect(await answersTo("ada", (action) => ({ kind: "submitted", action, target: randomUUID(), values: {} }))).toEqual(new Set([stale]))
  })
  test("a command of any such name is not known", async () => {
    const answers = [...(await answersTo("rivera", (command) => ({ kind: "commanded", command: `/${command}`, text: "" })))]
    expect(answers.filter((answer) => !answer.startsWith("I do not know"))).toEqual([])
    expect(answers).toHaveLength(names.length)
  })
  test("an unknown command of any length or direction is named shortly and harmlessly", async () => {
    const answer = await says("ada", `/\u202E${"x".repeat(9_000)}`)
    expect(answer.length).toBeLessThan(200)
    expect(answer).not.toContain("\u202E")
  })
})

describe("forged targets", () => {
  const targets = ["", "x", "' or 1=1", "\0", "\uD800", randomUUID(), "x".repeat(5_000)]
  const pressed = [
    ...["reflect_first", "reflect_second", "reflect_skip", "reflect_show", "start", "pause", "reading_open", "reading_read", "reading_line"],
    ...["reading_later", "mentee", "mentee_words", "hello", "hello_all", "hello_undo", "outreach", "reach_out_taken", "reach_out_answered"],
    ...["hello_more", "own_measure"],
    ...["away", "away_back", "alert_snooze", "alert_useful", "alert_known", "alert_false", "safety_show", "safety_taken"],
    ...["alert_more", "alert_hello", "alert_acknowledge", "alert_unacknowledge", "alert_hand", "alert_unhand", "alert_note", "alert_notes"],
    ...["alert_raise", "alert_unraise"],
  ]
  const submitted = [
    "reflect_first",
    "reflect_second",
    "pause",
    "reading_line",
    "outreach",
    "hello_more",
    "away",
    "alert_hand",
    "alert_note",
    "alert_raise",
  ]

  const thrown = async (names: readonly string[], happened: (name: string, target: string) => Parameters<typeof eventFrom>[3]) => {
    const found: string[] = []
    for (const who of ["ada", "rivera"] as const)
      for (const name of names)
        for (const target of targets)
          await door.receive(from(who, happened(name, target))).catch(() => found.push(`${who} ${name} ${JSON.stringify(target.slice(0, 20))}`))
    return found
  }
  test("behind any button are answered, to a student and to staff", async () => {
    expect(await thrown(pressed, (action, target) => ({ kind: "pressed", action, target, value: null, messageId: "m" }))).toEqual([])
  })
  test("behind any form are answered, to a student and to staff", async () => {
    const values = (x: string) => ({ words: "Hello.", who: x, kind: x, until: x, cover: x, mood: x, wants: x, starter: x })
    expect(await thrown(submitted, (action, target) => ({ kind: "submitted", action, target, values: values(target) }))).toEqual([])
  })
})

describe("long words", () => {
  const long = (length: number) =>
    "word "
      .repeat(length)
      .slice(0, length - 1)
      .padEnd(length, ".")

  test("of 10,000 characters are kept whole", async () => {
    await says("ada", long(10_000))
    expect((await keptWords(school))[0]).toHaveLength(10_000)
  })
  test("of 10,001 are refused to their sender, who hears why", async () => {
    expect(await says("ada", long(10_001))).toContain("10,001 characters, at most 10,000")
    expect(await kept(school)).toMatchObject({ replies: 0 })
  })
  test("that are refused are screened all the same", async () => {
    expect(await says("ada", `${long(39_000)} ${danger}`)).toContain("988")
    expect(await kept(school)).toMatchObject({ safety: 1 })
  })
  test("in an edit are refused too, and what was kept before stays", async () => {
    await door.receive(said(school, "ada", now, "Short.", "m1"))
    expect(shown(await door.receive(from("ada", { kind: "edited", messageId: "m1", text: long(10_001) })))).toContain("at most 10,000")
    expect(await keptWords(school)).toEqual(["Short."])
  })
})

describe("odd words", () => {
  test.each([
    ["NUL goes", "a\0b", "ab"],
    ["a lone surrogate becomes a mark", "a\uD83Db", "a\uFFFDb"],
    ["bidi marks are kept as written", "a\u202Eb", "a\u202Eb"],
    ["emoji alone are words", "🙂🙃", "🙂🙃"],
    ["zero-width characters are kept as written", "a\u200Bb", "a\u200Bb"],
    ["markup is only text", "<!channel> <at>x</at> **b** {{DATE()}}", "<!channel> <at>x</at> **b** {{DATE()}}"],
  ])("%s", async (_what, text, expected) => {
    expect((await door.receive(said(school, "ada", now, text))).kind).toBe("say")
    expect(await keptWords(school)).toEqual([expected])
  })
  test.each(["", "   ", "\n\n", "\0"])("nothing is kept of nothing (%j)", async (text) => {
    expect((await door.receive(said(school, "ada", now, text))).kind).toBe("say")
    expect(await keptWords(school)).toEqual([])
  })
  test("are shown without what would turn the sentence around them", async () => {
    await says("ada", "a\u202Eb")
    const home = shown(await door.receive(from("ada", { kind: "opened_home" })))
    expect(home).not.toContain("\u202E")
  })
})

describe("a student whom the school has not switched the bot on for", () => {
  test("hears so whatever they do, and nothing is kept but where they write from", async () => {
    const before = await kept(school)
    const answers = [
      await says("finn", "Hello there"),
      shown(await door.receive(from("finn", { kind: "opened_home" }))),
      shown(await door.receive(from("finn", { kind: "commanded", command: "/reflect", text: "" }))),
      shown(await door.receive(from("finn", { kind: "pressed", action: "reflect_first", target: randomUUID(), value: null, messageId: "m" }))),
    ]
    for (const answer of answers) expect(answer).toContain("I keep nothing that you write here")
    expect(await kept(school)).toEqual(before)
  })
  test("is not spoken to for having joined the workspace", async () => {
    expect(await door.receive(from("finn", { kind: "arrived" }))).toEqual({ kind: "quiet" })
  })
  test("is heard when they write of danger", async () => {
    expect(await says("finn", danger)).toContain("988")
    expect(await kept(school)).toMatchObject({ safety: 1, replies: 0 })
  })
})

describe("in a shared place", () => {
  test("a student's words are not kept, and they are told where to write them", async () => {
    await promptFor(school, "ada", { thursday: "2027-02-04", tuesday: "2027-02-09" })
    const answer = shown(await door.receive(inShared(said(school, "ada", now, "I built a crane"))))
    expect(answer).toContain("What you wrote to me in a channel or group can be read by others, so I kept none of it.")
    expect(await kept(school)).toMatchObject({ replies: 0 })
  })
  test("their edit is not kept either", async () => {
    const answer = await door.receive(inShared(from("ada", { kind: "edited", messageId: "m1", text: "I built two cranes" })))
    expect(answer.kind).toBe("quiet")
    expect(await kept(school)).toMatchObject({ replies: 0 })
  })
  test("words about danger are heard", async () => {
    expect(shown(await door.receive(inShared(said(school, "ada", now, danger))))).toContain("988")
  })
  test("commands are answered", async () => {
    expect(shown(await door.receive(inShared(said(school, "rivera", now, "mentee Ada"))))).toContain("Ada Brook")
    expect(shown(await door.receive(inShared(said(school, "ada", now, "stop"))))).toContain("Stopped.")
  })
  test("the place is not kept as where to write to somebody", async () => {
    await door.receive({
      ...inShared(said(school, "ada", now, "help")),
      from: { account: said(school, "ada", now, "").from.account, route: "channel:7" },
    })
    expect(await look(school, sql`select 1 from address where route = 'channel:7'`)).toEqual([])
  })
})

describe("an address", () => {
  test("is kept from a direct message, and what was in trouble is so no longer", async () => {
    await look(school, sql`update address set trouble = 'left', route = null where user_id = 'ada'`)
    await says("ada", "help")
    expect(await look(school, sql`select route, trouble from address where user_id = 'ada'`)).toEqual([{ route: "direct:ada", trouble: null }])
  })
  test("that is known is written again after an hour, not at every message", async () => {
    const usedAt = async (minutes: number) => {
      const then = new Date(now.getTime() + minutes * 60_000)
      await (await doorOf(school, then)).receive(said(school, "ada", then, "help"))
      const [row] = await look<{ at: Date }>(school, sql`select used_at as at from address where user_id = 'ada'`)
      return row && (row.at.getTime() - now.getTime()) / 60_000
    }
    expect([await usedAt(0), await usedAt(59), await usedAt(61)]).toEqual([0, 0, 61])
  })
  test("of somebody who leaves is in trouble", async () => {
    await door.receive(from("ada", { kind: "left" }))
    expect(await look(school, sql`select trouble from address where user_id = 'ada'`)).toEqual([{ trouble: "left" }])
  })
})

test("a workspace that disconnects is paused", async () => {
  await door.receive(from("parr", { kind: "disconnected", workspace: { platform: "playground", tenant: school.tenant } }))
  const row = (await withoutSchool(database.db, workspaceRows)).find(({ tenant }) => tenant === school.tenant)
  expect(row?.paused).toBe("disconnected")
})

describe("help", () => {
  test("tells a student what to type, and where a person is", async () => {
    const answer = await says("ada", "help")
    expect(answer).toContain("stop: no more questions")
    expect(answer).toContain("an adult at your school reads it")
    expect(answer).toContain("reachout: talk to someone at your school")
    expect(answer).not.toMatch(/mentee|20\d\d-/)
  })
  test("speaks the person's language", async () => {
    expect(await says("dani", "ayuda")).toContain("pausa hasta")
  })
  test("tells staff what to type", async () => {
    expect(await says("rivera", "help")).toContain("mentee NAME")
  })
})

test("what staff simply type goes to no one, and they hear so", async () => {
  const before = await kept(school)
  expect(await says("rivera", "Thank you for this week's list")).toContain("goes to no one")
  expect(await kept(school)).toEqual(before)
})
