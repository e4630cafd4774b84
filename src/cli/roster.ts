// The commands that bring in who is who: roster import, caseload import.
import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import { type Command, InvalidArgumentError, Option } from "commander"
import { givePlaygroundAccounts } from "../../db/queries/roster-accounts.ts"
import { createSchool, makeSchoolsAlone } from "../../db/queries/roster-school.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import { type Applied, type ApplyOptions, applyRoster } from "../roster/apply.ts"
import { applyCaseload } from "../roster/apply-caseload.ts"
import { readCaseload } from "../roster/caseload-file.ts"
import { openRoster } from "../roster/open-roster.ts"
import { readRoster } from "../roster/read-roster.ts"
import { type Roster, unsaidZone } from "../roster/roster.ts"
import { many, print, progress } from "./print.ts"
import { problemLines, refusalOf, reportLines, withoutAdvisorLines } from "./roster-report.ts"
import { inSchool, isCalled, isSample, type Session, schools, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

type Zones = ApplyOptions["zones"]
type ImportOptions = {
  advisory?: string[]
  consent: "none" | "school" | "parent"
  zone: Zones
  school?: string
  dryRun?: true
  yes?: true
}

/** `Area/City` for every site, `SITE=Area/City` for one; may be given several times. */
function zoneOption(value: string, before: Zones): Zones {
  const [site, zone, more] = value.split("=")
  if (more !== undefined || !site || zone === "") throw new InvalidArgumentError("Write Area/City, or SITE=Area/City.")
  return zone === undefined ? { ...before, everywhere: site } : { ...before, bySite: { ...before.bySite, [site]: zone } }
}

const words = (value: string): string[] => value.split(",").flatMap((word) => word.trim() || [])

export function addRoster(program: Command): void {
  const roster = program.command("roster").description("who is at the school")
  roster
    .command("import")
    .argument("<path>", "a folder or zip file: OneRoster CSV 1.1 or 1.2, or Microsoft SDS v2.1")
    .description("take over people, groups and who advises whom; the same roster again changes nothing")
    .option("--advisory <words>", "words that make a class an advisory when they stand in its title (advisory,homeroom,mentor,crew,tutor)", words)
    .addOption(
      new Option("--consent <basis>", "the consent that the school has for these students").choices(["none", "school", "parent"]).default("none"),
    )
    .addOption(
      new Option("--zone <zone>", "the time zone of every site, or SITE=Area/City of one; may be repeated")
        .argParser(zoneOption)
        .default({ everywhere: null, bySite: {}, unsaid: unsaidZone }, "what a site has"),
    )
    .option("--school <name>", "the school's name; one that is not here yet is made")
    .option("--dry-run", "say what would change, and change nothing")
    .option("--yes", "take it even if more than half of the students or staff would end")
    .addHelpText("after", "\nExample:\n  rapport roster import roster.zip --zone America/Chicago --consent school --dry-run")
    .action(importRoster)

  const caseload = program.command("caseload").description("who looks after whom, for rosters without an advisory")
  caseload
    .command("import")
    .argument("<file>", "a CSV file with the columns student, adult, kind, from and to; kind is advisor or class, days are YYYY-MM-DD or empty")
    .description("take over a list of ties; it is whole, so a tie that it no longer names ends today")
    .option("--school <name>", "which school, where there are several")
    .option("--dry-run", "say what would change, and change nothing")
    .option("--yes", "take it even if more than half of the ties would end")
    .addHelpText(
      "after",
      "\nExample:\n  rapport caseload import mentors.csv\n\n  student,adult,kind,from,to\n  s-104,r.stone@example.org,advisor,2026-09-01,",
    )
    .action(importCaseload)
}

async function importRoster(path: string, options: ImportOptions): Promise<void> {
  const opened = await openRoster(path)
  // What cannot be opened has no lines yet.
  if (opened.kind === "refused") throw new Trouble([...opened.problems.map(({ file, says }) => `${file} ${says}`), "Nothing was changed."].join("\n"))
  const read = readRoster(opened, { advisory: options.advisory })
  if (read.kind === "refused") throw refusedFiles(read)
  await withDatabase(async (session) => {
    const bar = progress("Reading the roster in")
    const { applied, school } = await applyTo(session, read.roster, options, (done, of) => bar.at(done, of)).finally(() => bar.end())
    if (applied.kind !== "applied") throw new Trouble(refusalOf(applied))
    print(`Into the school "${school}", from ${forms[read.roster.form]}:`, "", ...reportLines(applied.report))
    if (options.dryRun) print("", "This was a dry run: nothing was changed.")
    else if (options.consent === "none" && applied.report.changes.people.added > 0)
      print("", "No student is asked anything without a consent: once the school has it, import again with --consent school or parent.")
  })
}

const forms = { "oneroster-1.1": "OneRoster 1.1", "oneroster-1.2": "OneRoster 1.2", "sds-2.1": "SDS v2.1" } as const

const refusedFiles = (refused: { problems: Parameters<typeof problemLines>[0]; more: number }): Trouble =>
  new Trouble([...problemLines(refused.problems, refused.more), "Nothing was changed."].join("\n"))

/** The school's row and its roster are kept together, or not at all. */
async function applyTo(
  session: Session,
  roster: Roster,
  options: ImportOptions,
  at: (done: number, of: number) => void,
): Promise<{ applied: Applied; school: string }> {
  const fresh = { id: session.ids(), name: options.school ?? roster.sites[0]?.name ?? "School" }
  const known = await meantSchool(session, options.school)
  const applied = await inSchool(
    session,
    known?.id ?? fresh.id,
    async (scene): Promise<Applied | { kind: "raced" }> => {
      if (known === null) {
        await makeSchoolsAlone(scene.tx)
        if ((await meantSchool(session, options.school)) !== null) return { kind: "raced" }
        await createSchool(scene.tx, { ...fresh, language: "en", now: session.now })
      }
      const applied = await applyRoster(scene, roster, {
        consent: options.consent,
        zones: options.zone,
        expectShrink: options.yes ?? false,
        progress: at,
      })
      if (applied.kind === "applied" && session.config.playground) await givePlaygroundAccounts(scene.tx, scene.schoolId, session.now)
      return applied
    },
    (result) => result.kind === "applied" && !options.dryRun,
  )
  return applied.kind === "raced" ? applyTo(session, roster, options, at) : { applied, school: known?.name ?? fresh.name }
}

/** The school that is here and meant; null where the import makes it. The sample school is meant only where it is named. */
async function meantSchool(session: Session, name: string | undefined): Promise<SchoolRow | null> {
  const all = await schools(session)
  const isNew = name === undefined ? all.length === 0 : !all.some((school) => isCalled(school, name))
  if (isNew) return null
  const school = await theSchool(session, name)
  if (name === undefined && (await isSample(session, school)))
    throw new Trouble(
      session.config.database.kind === "embedded"
        ? `This data folder holds the sample school: start with an empty one, RAPPORT_DATA=FOLDER, or remove ${session.config.dataDir}. Nothing was changed.`
        : "This database holds the sample school: set DATABASE_URL to an empty one. Nothing was changed.",
    )
  return school
}

async function importCaseload(path: string, options: { school?: string; dryRun?: true; yes?: true }): Promise<void> {
  const file = basename(path)
  const bytes = await readFile(path).catch(() => {
    throw new Trouble(`${path} is not there or cannot be read: name a CSV file.`)
  })
  const read = readCaseload(bytes, file)
  if (read.kind === "refused") throw refusedFiles(read)
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const applied = await inSchool(
      session,
      school.id,
      (scene) => applyCaseload(scene, read.rows, { expectShrink: options.yes ?? false }),
      (result) => result.kind === "applied" && !options.dryRun,
    )
    switch (applied.kind) {
      case "applied": {
        const { added, changed, ended } = applied.report.ties
        print(`${many(added, "tie")} added, ${changed} changed, ${ended} ended.`, ...withoutAdvisorLines(applied.report.studentsWithoutAdvisor))
        if (options.dryRun) print("This was a dry run: nothing was changed.")
        return
      }
      case "refused":
        throw refusedFiles({ problems: applied.problems.map((problem) => ({ ...problem, file })), more: 0 })
      case "shrinks":
        throw new Trouble(
          `This list keeps ${applied.kept} of the ${applied.now} ties here, and the others would end: add --yes if that is right. Nothing was changed.`,
        )
      default:
        return applied satisfies never
    }
  })
}
