import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows } from "../../../db/client.ts"
import { createApp } from "../../../src/app.ts"
import { owe } from "../../../src/delivery/owe.ts"
import type { Letter } from "../../../src/deps.ts"
import { message } from "../../../src/platform/message.ts"
import { fixedWordsVersion } from "../../../src/safety/words.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, promptFor, type StudentName } from "../../support/school.ts"
import { ends, hello, lettersOf, onlyRow, openPost, openVendor, oweTo, type Post, rowsOf } from "./vendor.ts"

let database: TestDatabase
let post: Post
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  post = await openPost(database.db, now)
})

/** Nothing is missing any more: students are served on every platform. */
async function makeReady({ school }: Post): Promise<void> {
  const ready = {
    "safety.ladder": { steps: [{ personIds: [school.people.linde] }, { personIds: [school.people.parr] }] },
    "safety.hours": { weekly: [{ weekdays: [1, 2, 3, 4, 5], open: "07:30", close: "16:00" }], breaks: { kind: "covered" } },
    "safety.signoff": { by: "lena linde", on: "2027-01-08", version: fixedWordsVersion() },
    "consent.basis": "school",
    "family.notice": "2027-01-09",
  }
  for (const [key, value] of Object.entries(ready)) {
    await look(
      school,
      sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, ${key}, ${JSON.stringify(value)}::jsonb, ${now})`,
    )
  }
}

const failing = (who: StudentName): Letter => {
  const { people } = post.school
  return async (scene, due, recipient) => {
    if (recipient.id === people[who]) throw new TypeError("the letter is at fault")
    return hello(scene, due, recipient)
  }
}

test("what is not due yet stays where it is", async () => {
  await oweTo(post, "ada", { dueAt: new Date(now.getTime() + 60_000) })
  await post.run()
  expect(post.vendor.calls).toEqual([])
  post.later(60)
  await post.run()
  expect(await ends(post)).toEqual({ ada: "sent" })
})

test("what comes too late is never sent, and is counted as expired", async () => {
  await oweTo(post, "ada", { expiresAt: new Date(now.getTime() + 60_000) })
  await oweTo(post, "ben")
  post.later(60)
  expect(await post.run()).toMatchObject({ expired: 1, sent: 1 })
  expect(await ends(post)).toEqual({ ada: "expired too_late", ben: "sent" })
})

test("somebody who has left the school gets nothing", async () => {
  await oweTo(post, "ada")
  await look(post.school, sql`update person set status = 'ended' where id = ${post.school.people.ada}`)
  expect(await post.run()).toMatchObject({ expired: 1, sent: 0 })
  expect(await ends(post)).toEqual({ ada: "expired left_school" })
})

/** Everybody's accounts are on Slack. */
async function onSlack(): Promise<void> {
  const slack = openVendor("slack")
  post.vendor = slack
  post.workspace = { platform: "slack", tenant: post.school.tenant }
  post.deps = { ...post.deps, platforms: new Map([["slack", slack]]) }
  await look(post.school, sql`update address set platform = 'slack'`)
}
const grade = (who: StudentName, value: string) => look(post.school, sql`update person set grade = ${value} where id = ${post.school.people[who]}`)

test("students are not written to on a real platform before the school is ready, but for where help is to be had; staff are", async () => {
  await onSlack()
  await grade("ada", "12")
  await oweTo(post, "ada")
  await oweTo(post, "ben", { kind: "safety_resources", urgent: true })
  await oweTo(post, "rivera")
  await post.run()
  expect(await ends(post)).toEqual({ ada: "expired not_live", ben: "sent", rivera: "sent" })
})

describe("a student too young for Slack", () => {
  const elsewhere = (who: StudentName) =>
    look(
      post.school,
      sql`insert into address (school_id, platform, tenant, user_id, person_id, route) values (${post.school.id}, 'playground', 'else', ${`${who}-else`},
            ${post.school.people[who]}, 'r')`,
    )

  test("is not owed anything there", async () => {
    await onSlack()
    await oweTo(post, "ada")
    expect(await onlyRow(post)).toMatchObject({ state: "refused", failure: "no_account" })
  })

  test("is written to where else they have an account, though they used that one less", async () => {
    await onSlack()
    await elsewhere("ada")
    await oweTo(post, "ada")
    expect(await ends(post)).toEqual({ "ada-else": "planned" })
  })

  test("is written to there once old enough, or where the school keeps nobody off", async () => {
    await onSlack()
    await grade("ben", "11")
    await oweTo(post, "ben")
    await look(post.school, sql`insert into setting (school_id, key, value, changed_at) values (${post.school.id}, 'slack.minimum_age', '0', ${now})`)
    await oweTo(post, "cleo")
    expect(await ends(post)).toEqual({ ben: "planned", cleo: "planned" })
  })

  test("is not sent what was owed before anybody knew, once the school is live; help after words of danger is", async () => {
    await onSlack()
    await grade("ada", "11")
    await makeReady(post)
    await oweTo(post, "ada")
    await grade("ada", "10")
    await oweTo(post, "ben", { kind: "safety_resources", urgent: true })
    await grade("cleo", "11")
    await oweTo(post, "cleo")
    await post.run()
    expect(await ends(post)).toEqual({ ada: "expired too_young", ben: "sent", cleo: "sent" })
  })
})

describe("a letter", () => {
  test("that is no longer needed is dropped with its code", async () => {
    await oweTo(post, "ada")
    post.letters = lettersOf(async () => ({ kind: "drop", why: "nothing_unread" }))
    expect(await post.run()).toMatchObject({ expired: 1 })
    expect(await ends(post)).toEqual({ ada: "expired nothing_unread" })
    expect(post.vendor.calls).toEqual([])
  })

  test("that waits is asked again at its time, and not before", async () => {
    await oweTo(post, "ada")
    const morning = at("2027-02-05", "07:30")
    post.letters = lettersOf(async (scene) =>
      scene.now < morning ? { kind: "later", dueAt: morning } : { kind: "message", message: message("Hello", []) },
    )
    expect(await post.run()).toMatchObject({ later: 1 })
    expect((await onlyRow(post)).dueAt).toEqual(morning)
    post.clock.at = morning
    await post.run()
    expect(await ends(post)).toEqual({ ada: "sent" })
  })

  test("that waits past its expiry ends with it", async () => {
    await oweTo(post, "ada", { expiresAt: new Date(now.getTime() + 3_600_000) })
    post.letters = lettersOf(async (scene) => ({ kind: "later", dueAt: new Date(scene.now.getTime() + 7_200_000) }))
    await post.run()
    post.later(3_600)
    await post.run()
    expect(await ends(post)).toEqual({ ada: "expired too_late" })
  })

  test("that puts itself off to a time gone by is asked once a run", async () => {
    await oweTo(post, "ada")
    let asked = 0
    post.letters = lettersOf(async () => {
      asked += 1
      return { kind: "later", dueAt: new Date(now.getTime() - 60_000) }
    })
    await post.run()
    expect(asked).toBe(1)
  })

  test("that throws takes nobody else's message with it", async () => {
    for (const who of ["ada", "ben", "cleo"] as const) await oweTo(post, who)
    post.letters = lettersOf(failing("ben"))
    expect(await post.run()).toMatchObject({ sent: 2, later: 1 })
    expect(await ends(post)).toEqual({ ada: "sent", ben: "planned letter_failed", cleo: "sent" })
  })

  test("that throws is logged by its kind and id, without what it said", async () => {
    await oweTo(post, "ada")
    post.letters = lettersOf(failing("ada"))
    await post.run()
    const line = post.logged.find((one) => one.includes("letter_failed"))
    expect(line).toContain((await onlyRow(post)).id)
    expect(line).toContain('"kind":"notice"')
    expect(line).not.toContain("at fault")
  })

  test("that fails inside the database takes nobody else's message with it either", async () => {
    for (const who of ["ada", "ben"] as const) await oweTo(post, who)
    post.letters = lettersOf(async (scene, due, recipient) => {
      if (recipient.id === post.school.people.ada) await rows(scene.tx, sql`select 1 / 0`)
      return hello(scene, due, recipient)
    })
    await post.run()
    expect(await ends(post)).toEqual({ ada: "planned letter_failed", ben: "sent" })
  })

  test("that throws once is written again and sent", async () => {
    await oweTo(post, "ada")
    post.letters = lettersOf(failing("ada"))
    await post.run()
    post.letters = lettersOf(hello)
    post.later(60)
    await post.run()
    expect(await ends(post)).toEqual({ ada: "sent" })
  })

  test("that always throws is given up in the end, and says so", async () => {
    await oweTo(post, "ada")
    post.letters = lettersOf(failing("ada"))
    for (let i = 0; i < 12; i++) {
      await post.run()
      post.later(3_600)
    }
    const { state, failure, settledAt, attempt } = await onlyRow(post)
    expect([state, failure, attempt]).toEqual(["refused", "letter_failed", 8])
    expect(settledAt).not.toBeNull()
  })

  test("of a kind that this version does not know fails alone", async () => {
    await oweTo(post, "ada")
    await look(post.school, sql`update delivery set kind = 'carrier_pigeon'`)
    await oweTo(post, "ben")
    await post.run()
    expect(await ends(post)).toEqual({ ada: "planned letter_failed", ben: "sent" })
  })

  test("that owes another message wakes its lane once both are kept", async () => {
    await oweTo(post, "ada", { key: "first" })
    post.letters = lettersOf(async (scene, due, recipient) => {
      const key = due.kind === "notice" ? "second" : "third"
      const [dueAt, expiresAt] = [new Date(scene.now.getTime() + 60_000), due.expiresAt]
      await owe(scene, { kind: "line", dedupeKey: key, personId: recipient.id, dueAt, expiresAt })
      return hello(scene, due, recipient)
    })
    await post.run()
    expect((await rowsOf(post)).map(({ state }) => state)).toEqual(["sent", "planned"])
    expect(post.woken).toEqual([post.workspace])
  })
})

test("a lane with more than its share yields, and asks to be woken for the rest", async () => {
  await look(
    post.school,
    sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, platform, tenant, user_id, due_at, expires_at)
        select ${post.school.id}::uuid, gen_random_uuid(), 'notice', 'n' || n, ${post.school.people.ada}::uuid, 'playground', ${post.workspace.tenant}, 'ada', ${now}, ${now}::timestamptz + interval '1 day'
        from generate_series(1, 500) n`,
  )
  const { sent } = await post.run()
  expect(sent).toBe(480)
  expect(post.woken).toEqual([post.workspace])
  expect((await post.run()).sent).toBe(20)
})

describe("between the plan and the send", () => {
  const prompt = async (who: StudentName) => {
    await promptFor(post.school, who, { thursday: "2027-02-04", tuesday: "2027-02-09", state: "planned" })
    post.letters = createApp(post.deps).letters
  }

  test("a prompt that nothing speaks against is sent", async () => {
    await prompt("ada")
    await post.run()
    expect(await ends(post)).toEqual({ ada: "sent" })
  })

  test.each([
    ["consent is withdrawn", sql`consent = 'none'`, "expired consent"],
    ["the student says stop", sql`stopped_at = ${now}`, "expired stopped"],
    ["the student pauses", sql`paused_until = '2027-02-20'`, "expired paused"],
    ["the student leaves", sql`status = 'ended'`, "expired left_school"],
  ])("%s: nothing is sent", async (_what, change, end) => {
    await prompt("ada")
    await look(post.school, sql`update person set ${change} where id = ${post.school.people.ada}`)
    await post.run()
    expect(post.vendor.calls).toEqual([])
    expect(await ends(post)).toEqual({ ada: end })
  })
})
