// The commands about single people: lookup, staff grant.
import { Argument, type Command } from "commander"
import type { Tx } from "../../db/client.ts"
import { writeDeed } from "../../db/queries/access.ts"
import { personById, staffRolesOf } from "../../db/queries/people.ts"
import { grantRole, type PersonRow, peopleCalled, revokeRole } from "../../db/queries/settings.ts"
import type { Actor, StaffRole } from "../access/actor.ts"
import type { Scene, Turn } from "../deps.ts"
import type { Account } from "../platform/account.ts"
import { languageOf } from "../words/phrasebook.ts"
import { listed, messageText, print } from "./print.ts"
import { inSchool, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

type Options = { school?: string }
const staffRoles = ["counsellor", "principal", "admin"] as const satisfies readonly StaffRole[]

export function addPeople(program: Command): void {
  program
    .command("lookup")
    .argument("<student...>", "a student's name, as /mentee takes it")
    .description("what /mentee shows a member of staff, on the record as it is in chat")
    .requiredOption("--as <person>", "the member of staff who looks: name, e-mail or sourcedId")
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", '\nExample:\n  rapport lookup "Ada Brook" --as r.rivera@example.org')
    .action(lookup)
  const staff = program.command("staff").description("what adults may do beyond their ties")
  for (const [verb, what] of [
    ["grant", "give a member of staff an office"],
    ["revoke", "take an office back"],
  ] as const) {
    staff
      .command(verb)
      .argument("<person>", "name, e-mail or sourcedId")
      .addArgument(new Argument("<office>", "which office").choices(staffRoles))
      .description(what)
      .option("--school <name>", "which school, where there are several")
      .addHelpText("after", `\nExample:\n  rapport staff ${verb} "Lena Linde" counsellor`)
      .action((person: string, office: StaffRole, options: Options) => changeOffice(verb, person, office, options))
  }
}

/** The one person who is meant; else a sentence that says why not. */
export async function onePerson(tx: Tx, said: string): Promise<PersonRow> {
  const found = await peopleCalled(tx, said)
  const active = found.filter((person) => person.active)
  const [one, another] = active.length > 0 ? active : found
  if (!one) throw new Trouble(`Nobody here is "${said}": write a whole name, an e-mail or a sourcedId.`)
  if (another) throw new Trouble(`"${said}" may be ${listed(active.map((person) => `${person.name} (${person.sourcedId})`))}: write the sourcedId.`)
  if (!one.active) throw new Trouble(`${one.name} has left, says the roster.`)
  return one
}

export async function oneStaff(tx: Tx, said: string): Promise<PersonRow> {
  const person = await onePerson(tx, said)
  if (person.role !== "staff") throw new Trouble(`${person.name} is a student: name a member of staff.`)
  return person
}

async function lookup(student: readonly string[], options: Options & { as: string }): Promise<void> {
  const { mentee } = await import("../outreach/mentee.ts")
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const answer = await inSchool(session, school.id, async (scene) => {
      const turn = await turnAs(scene, (await oneStaff(scene.tx, options.as)).id, student.join(" "))
      await deed(scene, "lookup_at_terminal", turn.actor.personId)
      return mentee(turn, student.join(" "))
    })
    if (answer.kind !== "say") throw new Trouble("There is nothing to show.")
    const { blocks } = answer.message
    const lines = messageText(answer.message)
    // A card has facts; a refusal, which reads like "no such student", and a choice of several, whose buttons are names, have none.
    if (!blocks.some((block) => block.kind === "facts")) {
      const names = blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons.map((button) => `  ${button.label}`) : []))
      throw new Trouble([...lines, ...names].join("\n"))
    }
    print(...lines)
  })
}

/** The same turn that chat would make of it, as somebody at the terminal says they are. */
async function turnAs(scene: Scene, personId: string, text: string): Promise<Turn> {
  const person = await personById(scene.tx, personId)
  if (!person) throw new Error("A person who was found has no row.")
  const account: Account = { platform: "playground", tenant: "terminal", user: person.id }
  const actor: Actor = {
    schoolId: scene.schoolId,
    personId: person.id,
    role: person.role,
    staffRoles: await staffRolesOf(scene.tx, person.id),
    name: person.name,
    language: languageOf(person.language),
    siteId: person.siteId,
    zone: person.zone,
    consent: person.consent,
    card: person,
    account,
  }
  const from = { account, route: "terminal" }
  return { ...scene, actor, event: { id: scene.deps.ids(), at: scene.now, from, where: "direct", kind: "commanded", command: "mentee", text } }
}

export const deed = (scene: Scene, act: string, subjectId: string, detail: Record<string, string> = {}): Promise<void> =>
  writeDeed(scene.tx, { schoolId: scene.schoolId, id: scene.deps.ids(), at: scene.now, actorId: null, via: "terminal", act, subjectId, detail })

async function changeOffice(verb: "grant" | "revoke", said: string, office: StaffRole, options: Options): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const line = await inSchool(session, school.id, async (scene) => {
      const person = await oneStaff(scene.tx, said)
      const changed = verb === "grant" ? await grantRole(scene.tx, scene.schoolId, person.id, office) : await revokeRole(scene.tx, person.id, office)
      if (changed) await deed(scene, `office_${verb}`, person.id, { office })
      if (verb === "grant") return changed ? `${person.name} is now ${office}.` : `${person.name} is ${office} already.`
      return changed ? `${person.name} is no longer ${office}.` : `${person.name} was not ${office}.`
    })
    print(line)
  })
}
