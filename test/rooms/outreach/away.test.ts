import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { personById } from "../../../db/queries/people.ts"
import { notice } from "../../../src/outreach/cover-notice.ts"
import { askForPerson } from "../../../src/outreach/reach-out.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, owedIn, type PersonName, sceneFor, seedSchool, type TestSchool } from "../../support/school.ts"
import { answerFrom, buttonsOf, command, deedsOf, expectRefused, formOf, press, shown, submit } from "./steps.ts"

let database: TestDatabase
let school: TestSchool
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: `t${serial++}` })
})

const now = at("2027-02-10", "10:00")
const away = (who: PersonName, text: string, when = now) => command(school, who, when, "away", text)
const owners = async () =>
  (
    await look<{ owner: string }>(
      school,
      sql`select p.sourced_id as owner from (select owner_id, student_id from reading where read_at is null union all select owner_id, student_id from reach_out) x
          join person p on p.id = x.owner_id order by 1`,
    )
  ).map(({ owner }) => owner)
const periods = () => look<{ from: string; until: string }>(school, sql`select from_date as from, until_date as until from away order by 1`)

test("what waits moves to the cover, who is told, reads it, and may look the students up", async () => {
  const id = await answerFrom(school, "ada", at("2027-02-09", "15:00"), "Hi")
  await sceneFor(school, now, (scene) => askForPerson(scene, { student: school.people.ben, replyId: null, asked: "mentor", toId: null }))
  const answer = await away("rivera", "until 2027-02-17 cover parr")
  expect(shown(answer)).toContain("You are away until Wednesday 17 February, that day included. Pat Parr answers for you from now on.")
  expect(shown(answer)).toContain("Pat Parr has one unread answer and one open wish to talk of yours")
  expect(buttonsOf(answer).map(({ action }) => action)).toEqual(["away_back"])
  expect(await owners()).toEqual(["parr", "parr"])

  const [owed] = (await owedIn(school, "parr")).filter(({ kind }) => kind === "notice")
  const composed = await sceneFor(school, now, async (scene) => {
    const recipient = await personById(scene.tx, school.people.parr)
    if (!owed || !recipient) throw new Error("nothing is owed")
    return notice(scene, owed, recipient)
  })
  if (composed.kind !== "message") throw new Error(composed.kind)
  expect(shown(composed.message)).toContain("Rosa Rivera is away until Wednesday 17 February and named you to answer meanwhile.")
  expect(shown(composed.message)).toContain("One answer is waiting for you, from Ada Brook.")

  expect((await owedIn(school, "parr")).map(({ kind }) => kind).sort()).toEqual(["notice", "reach_out"])

  expect(shown(await press(school, "parr", now, "reading_open", ""))).toContain("«Hi»")
  expect(shown(await command(school, "parr", now, "mentee", "ada"))).toContain("Ada Brook")
  expect(shown(await press(school, "parr", now, "reading_read", id))).toContain("All read.")
  expect(await deedsOf(school)).toContain("rivera away_set rivera")
})

test("new answers go to the cover until the day is over, then to the adult again", async () => {
  await away("rivera", "until 2027-02-11 cover parr")
  await answerFrom(school, "ada", at("2027-02-11", "15:00"), "To the cover")
  expect(await owners()).toEqual(["parr"])
  expectRefused(await press(school, "parr", at("2027-02-12", "08:00"), "reading_open", ""), "Nothing is waiting for you.")
  expect(shown(await press(school, "rivera", at("2027-02-12", "08:00"), "reading_open", ""))).toContain("«To the cover»")
})

test("back early: what the cover has not answered is the adult's again, and what is the cover's own stays", async () => {
  await answerFrom(school, "ada", at("2027-02-09", "15:00"), "Ada's")
  await answerFrom(school, "eli", at("2027-02-09", "15:00"), "Eli's")
  const set = await away("rivera", "until 2027-02-17 cover okafor")
  expect(await owners()).toEqual(["okafor", "okafor"])
  const back = buttonsOf(set)[0]?.id ?? ""
  expectRefused(await press(school, "okafor", now, "away_back", back), "You are not away.")
  expectRefused(await press(school, "ada", now, "away_back", back), "That one is for staff. Type help to see what you can do here.")
  expect(shown(await press(school, "rivera", at("2027-02-11", "08:00"), "away_back", back))).toContain(
    "Welcome back. One unread answer and no open wish to talk are yours again.",
  )
  expect(await owners()).toEqual(["okafor", "rivera"])
  expect(await periods()).toEqual([{ from: "2027-02-10", until: "2027-02-10" }])
  expect(shown(await press(school, "rivera", at("2027-02-11", "08:00"), "away_back", back))).toBe("You are not away.")
})

test("a second away takes the place of the first, and two at once leave one", async () => {
  await answerFrom(school, "ada", at("2027-02-09", "15:00"), "Hi")
  await away("rivera", "until 2027-02-17 cover parr")
  await away("rivera", "until 2027-02-12 cover okafor")
  expect(await owners()).toEqual(["okafor"])
  expect(await periods()).toEqual([{ from: "2027-02-10", until: "2027-02-12" }])
  await Promise.all(Array.from({ length: 3 }, () => away("rivera", "until 2027-02-19 cover parr")))
  expect(await periods()).toEqual([{ from: "2027-02-10", until: "2027-02-19" }])
})

test("a wrong day or name is told in a sentence, in both languages", async () => {
  const says = async (text: string, who: PersonName = "rivera") => shown(await away(who, text))
  const how = "Write it like this: away until 12 March cover Rivera."
  expect(await says("until someday cover parr")).toBe("I could not read that day. Write it like 12 March, or 2027-03-12.")
  expect(await says("until 2027-02-30 cover parr")).toContain("I could not read that day.")
  expect(await says("until 2027-02-09 cover parr")).toBe("That day is over. Take today or a later one.")
  expect(await says("until 2029-02-09 cover parr")).toContain("more than a year away")
  expect(await says("cover parr")).toBe(`Until which day are you away? ${how}`)
  expect(await says("until 12 February")).toBe(`Who answers for you meanwhile? I need a colleague’s name. ${how}`)
  expect(await says("until 2027-02-12")).toBe(`Who answers for you meanwhile? I need a colleague’s name. ${how}`)
  expect(await says("until 2027-02-12 cover Nobody")).toContain("I know no colleague by that name.")
  expect(await says("until 2027-02-12 cover ada")).toContain("I know no colleague by that name.")
  expect(await says("until 2027-02-12 cover %")).toContain("I know no colleague by that name.")
  expect(await says("until 2027-02-12 cover rosa")).toContain("You cannot cover for yourself.")
  expect(await says("until 2027-02-12 cover t")).toContain("You are away until")
  expect(await says("hasta 2027-02-12 cubre rivera", "linde")).toBe("Rosa Rivera tampoco está esos días. Nombra a otra persona.")
  expect(await says("hasta 2027-02-12 cubre parr", "linde")).toContain(
    "Faltas hasta el viernes 12 de febrero, ese día incluido. Pat Parr responde por ti desde ahora.",
  )
  await look(school, sql`update person set status = 'ended' where id = ${school.people.okafor}`)
  expect(await says("until 2027-02-12 cover okafor", "tanner")).toContain("I know no colleague by that name.")
})

test("the day is read as it is written, in words too, today included", async () => {
  for (const [typed, until] of [
    ["until 14 March cover Parr", "2027-03-14"],
    ["until next friday cover pat parr", "2027-02-12"],
    ["today cover parr", "2027-02-10"],
    ["hasta el 14 de marzo cubre parr", "2027-03-14"],
  ] as const) {
    await away("rivera", typed)
    expect((await periods()).map((one) => one.until)).toEqual([until])
  }
})

test("back with what was handed over, also of a student whom the cover has too; and with nothing, that is what is said", async () => {
  await answerFrom(school, "eli", at("2027-02-09", "15:00"), "Eli's")
  await look(school, sql`update reading set owner_id = ${school.people.rivera}`)
  const set = await away("rivera", "until 2027-02-17 cover okafor")
  expect(await owners()).toEqual(["okafor"])
  const back = await press(school, "rivera", now, "away_back", buttonsOf(set)[0]?.id ?? "")
  expect(shown(back)).toBe("Welcome back. One unread answer and no open wish to talk are yours again.")
  expect(await owners()).toEqual(["rivera"])
  await look(school, sql`update reading set read_at = ${now}, read_by = owner_id`)
  const again = await away("rivera", "until 2027-02-17 cover okafor")
  expect(shown(await press(school, "rivera", now, "away_back", buttonsOf(again)[0]?.id ?? ""))).toBe("Welcome back. Nothing is waiting for you.")
})

test("several colleagues of one name are named", async () => {
  await look(school, sql`update person set family_name = 'Ellis' where id in (${school.people.parr}, ${school.people.tanner})`)
  expect(shown(await away("rivera", "until 2027-02-12 cover ellis"))).toContain(
    "More than one colleague goes by that name: Pat Ellis and Tess Ellis.",
  )
})

test("the form asks for a day and a colleague, and keeps what was typed", async () => {
  const form = formOf(await away("rivera", ""))
  expect(form.fields.map(({ kind }) => kind)).toEqual(["day", "one_of"])
  expect(formOf(await press(school, "rivera", now, "away", "")).action).toBe("away")
  const wrong = await submit(school, "rivera", now, "away", "", { until: "2027-02-01", cover: school.people.parr })
  expect(wrong.kind === "ask" && wrong.errors).toEqual({ until: "That day is over. Take today or a later one." })
  const self = await submit(school, "rivera", now, "away", "", { until: "2027-02-12", cover: school.people.rivera })
  expect(self.kind === "ask" && self.errors).toEqual({ cover: "You cannot cover for yourself. Name a colleague." })
  const other = await seedSchool(database.db, { tenant: `t${serial++}` })
  const foreign = await submit(school, "rivera", now, "away", "", { until: "2027-02-12", cover: other.people.parr })
  expect(foreign.kind === "ask" && foreign.errors).toEqual({ cover: "I know no colleague by that name." })
  expect(shown(await submit(school, "rivera", now, "away", "", { until: "2027-02-12", cover: school.people.parr }))).toContain(
    "Pat Parr answers for you",
  )
})

test("students are told that it is for staff", async () => {
  const staffOnly = "That one is for staff. Type help to see what you can do here."
  expectRefused(await away("ada", "until 2027-02-12 cover parr"), staffOnly)
  expectRefused(await press(school, "ada", now, "away", ""), staffOnly)
  expectRefused(await submit(school, "ada", now, "away", "", { until: "2027-02-12", cover: school.people.parr }), staffOnly)
  expect(await periods()).toEqual([])
})
