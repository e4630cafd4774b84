import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { withoutSchool } from "../../../db/client.ts"
import { personById } from "../../../db/queries/people.ts"
import { connectWorkspace, pauseWorkspace } from "../../../db/queries/workspaces.ts"
import { createApp } from "../../../src/app.ts"
import { pause } from "../../../src/delivery/pause.ts"
import { workspacePaused } from "../../../src/outreach/paused-notice.ts"
import type { Workspace } from "../../../src/platform/account.ts"
import { proseText } from "../../../src/platform/prose.ts"
import { tickChore } from "../../../src/ticks.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, owedIn, type StaffName, sceneFor } from "../../support/school.ts"
import { doorOf } from "../conversation/knock.ts"
import { ends, lettersOf, openPost, oweTo, type Post, rowsOf } from "./vendor.ts"

let database: TestDatabase
let post: Post
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "14:02")
beforeEach(async () => {
  post = await openPost(database.db, now)
  post.letters = { ...lettersOf(async () => ({ kind: "drop", why: "unexpected" })), workspace_paused: workspacePaused }
})

const day = 86_400_000
const pausedBy = (code: string, workspace: Workspace = post.workspace): Promise<boolean> =>
  sceneFor(post.school, post.clock.at, (scene) => pause(scene, workspace, code))
const connect = (workspace: Workspace = post.workspace) => withoutSchool(database.db, (tx) => connectWorkspace(tx, workspace, post.school.id))
const office = (who: StaffName, role: "admin" | "principal") =>
  look(post.school, sql`insert into staff_role (school_id, person_id, role) values (${post.school.id}, ${post.school.people[who]}, ${role})`)
const told = async () => (await owedIn(post.school)).filter(({ kind }) => kind === "workspace_paused")
const toldWho = async () => {
  const names = Object.entries(post.school.people)
  return (await told()).map(({ personId }) => names.find(([, id]) => id === personId)?.[0] ?? "nobody").sort((a, b) => a.localeCompare(b))
}

/** A second workspace of the school's, where one member of staff has an account as well. */
async function elsewhere(who: StaffName, used: Date): Promise<Workspace> {
  const workspace: Workspace = { platform: "playground", tenant: randomUUID() }
  await connect(workspace)
  await look(
    post.school,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)
        values (${post.school.id}, 'playground', ${workspace.tenant}, 'second', ${post.school.people[who]}, 'direct:second', ${used})`,
  )
  return workspace
}

describe("a workspace that refuses us", () => {
  test("is paused by one of those who find out at once, and what was wrong first stays", async () => {
    const calls = await Promise.all(["token_revoked", "account_inactive", "token_revoked", "disconnected"].map((code) => pausedBy(code)))
    expect(calls.filter(Boolean)).toHaveLength(1)
    expect(await told()).toHaveLength(1)
    expect(await withoutSchool(database.db, (tx) => pauseWorkspace(tx, post.workspace, "later"))).toBe(false)
  })

  test("is told of once by two lanes that find out at once", async () => {
    for (let i = 0; i < 40; i++) await oweTo(post, "ada", { kind: "workspace_paused", key: `x${i}` })
    post.letters = lettersOf(async () => ({ kind: "message", message: { summary: "Hi", blocks: [] } }))
    post.vendor.onSend = () => ({ reason: "denied", detail: "token_revoked" })
    await Promise.all([post.run(), post.run()])
    const notices = (await told()).filter(({ personId }) => personId === post.school.people.parr)
    expect(notices).toMatchObject([{ urgent: false, dueAt: now, expiresAt: new Date(now.getTime() + 14 * day), state: "planned" }])
    expect(notices[0]?.detail).toEqual({ ...post.workspace, code: "token_revoked", since: now.toISOString() })
    expect(post.logged.filter((line) => line.includes("workspace_paused"))).toHaveLength(1)
  })

  test("is told to every admin; to the principals where there is none, and to nobody who has left", async () => {
    await office("tanner", "principal")
    await pausedBy("token_revoked")
    expect(await toldWho()).toEqual(["parr", "tanner"])
    await connect()
    await look(post.school, sql`delete from delivery`)
    await office("okafor", "admin")
    await office("rivera", "admin")
    await look(post.school, sql`update person set status = 'ended' where id = ${post.school.people.rivera}`)
    await pausedBy("token_revoked")
    expect(await toldWho()).toEqual(["okafor"])
  })

  test("is told again when it was connected and refuses us anew", async () => {
    await pausedBy("token_revoked")
    await connect()
    post.later(60)
    await pausedBy("token_revoked")
    expect(await told()).toHaveLength(2)
  })
})

describe("the notice", () => {
  test("goes to an account in a workspace that still lets us in, though the other was used last", async () => {
    const open = await elsewhere("parr", at("2027-01-01", "08:00"))
    await pausedBy("token_revoked")
    expect(await look(post.school, sql`select tenant, user_id as "user" from delivery`)).toEqual([{ tenant: open.tenant, user: "second" }])
  })

  test("waits where there is no other, and is over when it is connected again", async () => {
    await pausedBy("token_revoked")
    expect(await ends(post)).toEqual({ parr: "planned" })
    await connect()
    post.later(3_600)
    await post.run()
    expect(await ends(post)).toEqual({ parr: "expired over" })
    expect(post.vendor.calls).toEqual([])
  })

  test("of an earlier pause is over once there is a newer one", async () => {
    const open = await elsewhere("parr", now)
    post.workspace = open
    await pausedBy("token_revoked", { platform: "playground", tenant: post.school.tenant })
    await connect({ platform: "playground", tenant: post.school.tenant })
    post.later(60)
    await pausedBy("account_inactive", { platform: "playground", tenant: post.school.tenant })
    await post.run()
    expect((await rowsOf(post)).map(({ state, failure }) => failure ?? state).sort()).toEqual(["over", "sent"])
  })

  const letter = async (who: StaffName, code: string, when = now): Promise<string> => {
    await office(who, "admin")
    await pausedBy(code)
    const [due] = await told()
    return sceneFor(post.school, when, async (scene) => {
      const person = await personById(scene.tx, post.school.people[who])
      if (!due || !person) throw new Error("nothing is owed")
      const composed = await workspacePaused(scene, due, person)
      if (composed.kind !== "message") return composed.kind === "drop" ? composed.why : `later ${composed.dueAt.toISOString()}`
      return composed.message.blocks.map((block) => (block.kind === "text" || block.kind === "note" ? proseText(block.prose) : "")).join("\n")
    })
  }

  test("says what happened since when, and what to do", async () => {
    expect(await letter("rivera", "token_revoked")).toBe(
      [
        "Since Thursday 4 February, 2:02 pm, Playground no longer lets Rapport in (token_revoked). Nothing it owes your students and staff there goes out.",
        "Messages are kept and go out once it is connected again; what is too late by then is left out.",
        "Whoever runs Rapport at your school finds out what is wrong with: rapport doctor.",
      ].join("\n"),
    )
  })

  test("says it in the admin's language, and a hostile code harmlessly", async () => {
    const words = await letter("linde", `\u202E<!channel> ${"x".repeat(500)}`)
    expect(words).toContain("Desde el jueves 4 de febrero, 2:02 p.\u00A0m., Playground ya no deja entrar a Rapport (")
    expect(words).not.toContain("\u202E")
    expect(words.length).toBeLessThan(500)
  })

  test("is no reason to write to anybody at night", async () => {
    expect(await letter("rivera", "token_revoked", at("2027-02-04", "23:00"))).toBe(`later ${at("2027-02-05", "07:30").toISOString()}`)
  })
})

describe("what waits in a paused workspace", () => {
  const sweep = async () => {
    const { chores } = createApp(post.deps)
    await tickChore({ ...post.deps }, chores, "sweep")
  }
  const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

  test("ends as expired when it is too late, without being connected again", async () => {
    await look(post.school, sql`delete from staff_role`)
    await oweTo(post, "ada", { expiresAt: inMinutes(30) })
    await oweTo(post, "ben", { expiresAt: inMinutes(90) })
    await pausedBy("token_revoked")
    await sweep()
    expect(await ends(post)).toEqual({ ada: "planned", ben: "planned" })
    post.later(30 * 60)
    await sweep()
    expect(await ends(post)).toEqual({ ada: "expired too_late", ben: "planned" })
    post.later(60 * 60)
    await sweep()
    expect(await ends(post)).toEqual({ ada: "expired too_late", ben: "expired too_late" })
    expect(post.vendor.calls).toEqual([])
  })

  test("is no business of another workspace's rows", async () => {
    await oweTo(post, "ada", { expiresAt: inMinutes(30) })
    post.later(60 * 60)
    await sweep()
    expect(await ends(post)).toEqual({ ada: "planned" })
  })
})

describe("a workspace that takes us out", () => {
  test("is paused by that event once; the same event later does not pause what was connected again", async () => {
    const door = await doorOf(post.school, now)
    const event = eventFrom(post.school, "parr", now, { kind: "disconnected", workspace: post.workspace }, "e1")
    await Promise.all([door.receive(event), door.receive(event), door.receive({ ...event, id: "e2" })])
    expect(await toldWho()).toEqual(["parr"])
    await connect()
    expect((await door.receive(event)).kind).toBe("quiet")
    expect(await look(post.school, sql`select paused from workspace where tenant = ${post.workspace.tenant}`)).toEqual([{ paused: null }])
  })

  test("of no school of ours is nothing to us", async () => {
    const door = await doorOf(post.school, now)
    const workspace: Workspace = { platform: "playground", tenant: "nobody's" }
    expect((await door.receive(eventFrom(post.school, "parr", now, { kind: "disconnected", workspace }))).kind).toBe("quiet")
    expect(await told()).toEqual([])
  })
})
