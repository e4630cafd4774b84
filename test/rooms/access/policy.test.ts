import { describe, expect, test } from "vitest"
import type { StaffRole } from "../../../src/access/actor.ts"
import { type Deed, may, type Standing } from "../../../src/access/policy.ts"

const none: Standing = { advisorSince: null, classTie: false }
const advisor: Standing = { advisorSince: "2027-01-11", classTie: false }
const teacher: Standing = { advisorSince: null, classTie: true }
const staff = (...staffRoles: StaffRole[]) => ({ role: "staff", staffRoles }) as const
const student = { role: "student", staffRoles: [] } as const

const says = (verdict: ReturnType<typeof may>): string => (verdict.allowed ? (verdict.since === null ? "yes" : `since ${verdict.since}`) : "no")
const deeds: readonly Deed[] = ["read_words", "see_student", "see_weeks", "act", "act_on_note", "raise_note"]
const row = (actor: Parameters<typeof may>[0], standing: Standing) => deeds.map((deed) => says(may(actor, deed, standing)))

describe("who may read words, see a student, see their weeks, act, act on a note about them, raise one", () => {
  test.each([
    ["an advisor: all of it, words from the first day of the tie", staff(), advisor, ["since 2027-01-11", "yes", "yes", "yes", "yes", "yes"]],
    ["a teacher of a class: sees who the student is", staff(), teacher, ["no", "yes", "no", "no", "no", "yes"]],
    [
      "a teacher who was given a note: settles that, reads no word",
      staff(),
      { ...teacher, entrusted: true },
      ["no", "yes", "no", "no", "yes", "yes"],
    ],
    ["whoever was given a note and teaches them no more: nothing", staff(), { ...none, entrusted: true }, ["no", "no", "no", "no", "no", "no"]],
    [
      "an advisor who teaches them too: as an advisor",
      staff(),
      { ...advisor, classTie: true },
      ["since 2027-01-11", "yes", "yes", "yes", "yes", "yes"],
    ],
    ["a counsellor without a tie: all of it, all words", staff("counsellor"), none, ["yes", "yes", "yes", "yes", "yes", "yes"]],
    ["a counsellor who is the advisor: all words, not only those since", staff("counsellor"), advisor, ["yes", "yes", "yes", "yes", "yes", "yes"]],
    ["a principal without a tie: nothing", staff("principal"), none, ["no", "no", "no", "no", "no", "no"]],
    ["an admin without a tie: nothing", staff("admin"), none, ["no", "no", "no", "no", "no", "no"]],
    ["a principal who is the advisor: as any advisor", staff("principal"), advisor, ["since 2027-01-11", "yes", "yes", "yes", "yes", "yes"]],
    ["an admin who counsels: as a counsellor", staff("admin", "counsellor"), none, ["yes", "yes", "yes", "yes", "yes", "yes"]],
    ["staff without a tie: nothing", staff(), none, ["no", "no", "no", "no", "no", "no"]],
    ["a student: nothing, whatever ties say", student, advisor, ["no", "no", "no", "no", "no", "no"]],
    [
      "a student whose row says counsellor: nothing",
      { role: "student", staffRoles: ["counsellor"] } as const,
      advisor,
      ["no", "no", "no", "no", "no", "no"],
    ],
  ])("%s", (_who, actor, standing, expected) => {
    expect(row(actor, standing)).toEqual(expected)
  })
})
