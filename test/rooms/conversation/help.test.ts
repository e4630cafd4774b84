// What help lists is held against what may be done: a new command without its line fails here.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { routes } from "../../../src/app.ts"
import { commandNames, slashCommand, typedCommand } from "../../../src/conversation/commands.ts"
import { help } from "../../../src/conversation/help.ts"
import { proseText } from "../../../src/platform/prose.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, eventFrom, look, type PersonName, seedSchool, type TestSchool } from "../../support/school.ts"
import { type Door, doorOf, said, shown } from "./knock.ts"

let database: TestDatabase
let school: TestSchool
let door: Door
const now = at("2027-02-04", "15:00")
beforeAll(async () => {
  database = await testDatabase()
  school = await seedSchool(database.db, { tenant: randomUUID() })
  door = await doorOf(school, now)
  await look(school, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people.okafor}, 'admin')`)
})
afterAll(() => database.close())

const commands = Object.keys(routes.commanded)
const refusals = [
  ...[
    "That one is for students.",
    "That one is for staff.",
    "That one is for principals, counsellors and admins.",
    "I know no student by that name among yours.",
  ],
  ...[
    "Eso es para estudiantes.",
    "Eso es para el personal.",
    "Eso es para dirección, orientación y administración.",
    "No conozco a nadie con ese nombre entre tus estudiantes.",
  ],
]

const mayDo = async (who: PersonName, command: string): Promise<boolean> => {
  const answer = shown(await door.receive(eventFrom(school, who, now, { kind: "commanded", command: `/${command}`, text: "" })))
  expect(answer).not.toMatch(/I do not know|No conozco «/)
  return !refusals.some((refusal) => answer.startsWith(refusal))
}

/** The commands that help's lines begin with. */
const listed = async (who: PersonName, role: "student" | "staff"): Promise<string[]> => {
  const lines = shown(await door.receive(said(school, who, now, "/help"))).split("\n")
  return lines.flatMap((line) => typedCommand(line.split(":")[0] ?? "", role)?.command ?? []).sort()
}

test("every command that can be typed is one that some room answers", () => {
  expect(commandNames.toSorted()).toEqual(["help", ...commands].sort())
})

describe("help lists every command that somebody may use, and none that they may not", () => {
  test.each([
    ["a student", "ada", "student"],
    ["a student who reads Spanish", "dani", "student"],
    ["an advisor", "rivera", "staff"],
    ["a teacher", "tanner", "staff"],
    ["a counsellor who reads Spanish", "linde", "staff"],
    ["a principal", "parr", "staff"],
    ["an admin", "okafor", "staff"],
  ] as const)("%s", async (_who, who, role) => {
    const allowed: string[] = []
    for (const command of commands) if (await mayDo(who, command)) allowed.push(command)
    expect(await listed(who, role)).toEqual(allowed.sort())
    expect(allowed.length).toBeGreaterThan(2)
  })
})

test("a counsellor reads that they find every student", async () => {
  expect(shown(await door.receive(said(school, "linde", now, "ayuda")))).toContain("cualquier estudiante de tu escuela")
  expect(shown(await door.receive(said(school, "parr", now, "help")))).toContain("mentee NAME: a student you know")
})

describe("help says how to type it", () => {
  const notes = (platform: "slack" | "teams" | "playground", role: "student" | "staff", language: "en" | "es") => {
    const account = { platform, tenant: "t", user: "u" }
    return help({ role, staffRoles: [], language, account }).blocks.flatMap((block) => (block.kind === "note" ? [proseText(block.prose)] : []))
  }

  test.each(["student", "staff"] as const)("to %s in Slack with a slash that is a command there", (role) => {
    for (const language of ["en", "es"] as const) {
      const [how = ""] = notes("slack", role, language)
      const [, word = ""] = /: \/rapport (\S+?)[. ]/.exec(how) ?? []
      expect(commands).toContain(slashCommand("rapport", word).command)
    }
  })

  test("and how to come to the home page, where it has no place of its own", () => {
    for (const role of ["student", "staff"] as const) {
      expect(notes("teams", role, "en")[1]).toBe("Type /home: what is waiting for you, and everything else.")
      expect(notes("teams", role, "es")[1]).toBe("Escribe /inicio: lo que te espera, y todo lo demás.")
      for (const platform of ["slack", "playground"] as const) expect(notes(platform, role, "en")[1]).toBe("Everything else is on your home page.")
    }
  })

  test("elsewhere as words alone", () => {
    for (const platform of ["teams", "playground"] as const)
      for (const role of ["student", "staff"] as const) expect(notes(platform, role, "en")[0]).toBe("Type the words to me here, just as they stand.")
  })
})
