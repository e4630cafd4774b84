// The command that looks at everything Rapport stands on and says what to do. Counts and names of things, never anybody's words.
import type { Command } from "commander"
import { siteRows } from "../../db/queries/roster-apply.ts"
import { withoutAdvisor } from "../../db/queries/roster-ties.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import { type StatusRow, statusOf } from "../../db/queries/status.ts"
import { workspaceRows } from "../../db/queries/workspaces.ts"
import { type Config, readConfig } from "../config.ts"
import { type Settings, settingsTogether } from "../roster/settings.ts"
import { gateOf } from "../safety/gate.ts"
import { localDate } from "../scheduling/zone.ts"
import { problemLine, readPrompts } from "../words/prompts.ts"
import type { Finding } from "./finding.ts"
import { ladderGaps } from "./ladder-reach.ts"
import { many, print, some, table } from "./print.ts"
import { promptsFolder } from "./prompts.ts"
import { sentenceOf } from "./sentence.ts"
import { inSchool, type Session, schools, theSchool, withDatabase } from "./session.ts"
import { terminal } from "./terminal.ts"
import { Trouble } from "./trouble.ts"

type DoctorOptions = { school?: string; all?: true }

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look at everything Rapport stands on, and say what to do about what is wrong")
    .option("--school <name>", "which school, where there are several")
    .option("--all", "name everybody who is not found in Slack or Teams, not only the first 20")
    .addHelpText("after", "\nExample:\n  rapport doctor")
    .action(doctor)
}

async function doctor(options: DoctorOptions): Promise<void> {
  const findings: Finding[] = [promptsFinding()]
  const lines: string[] = []
  const read = readConfig(terminal().env)
  if (read.kind === "refused") findings.push(...read.problems.map((says) => ({ of: "environment", well: false, says })))
  else await lookAt(read.config, options, findings, lines)
  const mark = ({ well }: Finding) => (well === null ? "to do" : well ? "ok" : "WRONG")
  print(
    ...table(findings.map((finding) => [mark(finding), finding.of, finding.says])),
    ...lines.flatMap((line, i) => (i === 0 ? ["", line] : [line])),
  )
  const wrong = findings.filter(({ well }) => well === false)
  if (wrong.length > 0) throw new Trouble(`${many(wrong.length, "thing")} to put right first.`)
}

async function lookAt({ database }: Config, options: DoctorOptions, findings: Finding[], lines: string[]): Promise<void> {
  try {
    await withDatabase(async (session) => {
      findings.push({ of: "database", well: true, says: database.kind === "embedded" ? "the bundled Postgres runs" : "the given Postgres answers" })
      findings.push({ of: "migrations", well: true, says: "all applied" })
      const school = (await schools(session)).length === 0 ? null : await theSchool(session, options.school)
      findings.push(...(school === null ? [noSchool] : await schoolFindings(session, school)))
      const all = options.all === true
      const slack = await (await import("./slack-state.ts")).slackState(session, school, all)
      const teams = await (await import("./teams-state.ts")).teamsState(session, school, all)
      findings.push(...slack.findings, ...teams.findings)
      lines.push(...slack.lines, ...teams.lines)
    })
  } catch (error) {
    const sentence = sentenceOf(error, terminal().env.DATABASE_URL ?? "")
    if (sentence === null) throw error
    findings.push({ of: "database", well: false, says: sentence })
  }
}

const noSchool: Finding = {
  of: "roster",
  well: null,
  says: 'there is no school yet: run "rapport roster import PATH", or "npm start" for the sample school',
}

function promptsFinding(): Finding {
  const { problems } = readPrompts(promptsFolder)
  const [first] = problems
  if (!first) return { of: "prompts", well: true, says: "all sound" }
  return {
    of: "prompts",
    well: false,
    says: `${many(problems.length, "problem")}, the first at ${problemLine(first, process.cwd())} ("rapport prompts check" names them all)`,
  }
}

async function schoolFindings(session: Session, school: SchoolRow): Promise<Finding[]> {
  return inSchool(session, school.id, async (scene) => {
    const [site] = await siteRows(scene.tx)
    const today = localDate(session.now, site?.zone ?? "UTC")
    const counts = await statusOf(scene.tx, today)
    const alone = await withoutAdvisor(scene.tx, today)
    const workspaces = (await workspaceRows(scene.tx)).filter((row) => row.schoolId === school.id)
    const paused = workspaces.filter((row) => row.paused !== null)
    const gate = await gateOf(scene)
    const gaps = await ladderGaps(scene, session.config.playground)
    return [
      rosterFinding(school.name, counts),
      {
        of: "advisors",
        well: alone.length === 0 ? true : null,
        says:
          alone.length === 0
            ? "every student has one"
            : `${many(alone.length, "student")} without one (${some(alone, 5)}): put them into an advisory, or run "rapport caseload import FILE.csv"`,
      },
      ...(counts.sitesWithoutZone === 0
        ? []
        : [
            {
              of: "zones",
              well: null,
              says: `${many(counts.sitesWithoutZone, "site")} without a time zone: import the roster again with --zone Area/City`,
            },
          ]),
      calendarFinding(counts),
      {
        of: "consent",
        well: counts.noConsent === 0 ? true : null,
        says:
          counts.noConsent === 0
            ? "recorded for every student"
            : `${many(counts.noConsent, "student")} without, who are asked nothing: import again with --consent once the school has it`,
      },
      {
        of: "counsellors",
        well: counts.counsellors > 0 ? true : null,
        says:
          counts.counsellors > 0
            ? `${counts.counsellors} on the list`
            : 'nobody is on the list where unread answers end: run "rapport staff grant PERSON counsellor"',
      },
      accountsFinding(
        counts,
        workspaces.length,
        session.config,
        paused.map((row) => `${row.platform} ${row.tenant}`),
      ),
      {
        of: "plans",
        well: counts.plansOn > 0 ? true : null,
        says: counts.plansOn > 0 ? `${many(counts.plansOn, "group")} on` : 'no group is asked yet: run "rapport plan on GROUP"',
      },
      settingsFinding(scene.settings),
      // Before anything is connected nobody can be written to, and "accounts" says so.
      ...gaps.map((says): Finding => ({ of: "ladder", well: workspaces.length > 0 ? false : null, says })),
      {
        of: "golive",
        well: gate.ready ? true : null,
        says: gate.ready ? "ready for a real platform" : `${many(gate.missing.length, "thing")} missing: run "rapport golive"`,
      },
    ]
  })
}

function settingsFinding(settings: Settings): Finding {
  const { refused, moved } = settingsTogether(settings)
  if (refused !== null) return { of: "settings", well: false, says: `${refused} Run "rapport settings hours.close HH:MM"` }
  return { of: "settings", well: moved.length === 0 ? true : null, says: moved.length === 0 ? "they agree with each other" : moved.join(" ") }
}

const rosterFinding = (name: string, counts: StatusRow): Finding => ({
  of: "roster",
  well: counts.students > 0 && counts.staff > 0,
  says:
    counts.students > 0 && counts.staff > 0
      ? `${name}: ${many(counts.students, "student")} and ${counts.staff} staff at ${many(counts.sites, "site")}`
      : `${name} has ${counts.students === 0 ? "no students" : "no staff"}: run "rapport roster import PATH"`,
})

const calendarFinding = (counts: StatusRow): Finding =>
  counts.terms === 0
    ? {
        of: "calendar",
        well: null,
        says: 'no term that is still running or to come: run "rapport calendar import FILE", or import a roster of this year',
      }
    : {
        of: "calendar",
        well: counts.daysOffAhead > 0 ? true : null,
        says:
          counts.daysOffAhead > 0 ? `${many(counts.daysOffAhead, "day")} off ahead` : 'no day off ahead is known: run "rapport calendar import FILE"',
      }

function accountsFinding(counts: StatusRow, workspaces: number, { slack, teams }: Config, paused: readonly string[]): Finding {
  const of = "accounts"
  if (paused.length > 0) return { of, well: false, says: `${paused.join(" and ")} refuses us: connect it again` }
  if (workspaces === 0) {
    const chats = [...(slack === null ? [] : ["slack"]), ...(teams === null ? [] : ["teams"])]
    const begin = chats.length > 0 ? `run ${chats.map((chat) => `"rapport connect ${chat}"`).join(" and ")}` : '"npm start" opens the playground'
    return { of, well: null, says: `nobody can be written to yet: ${begin}` }
  }
  const played = counts.playgroundOnly
  const nothing = [
    ...(counts.notOnBot > 0 ? [`${many(counts.notOnBot, "person", "people")} not on the bot`] : []),
    ...(counts.inTrouble > 0 ? [`${many(counts.inTrouble, "person", "people")} whose account refuses us`] : []),
  ]
  const nobodyElse = played === counts.students + counts.staff - counts.notOnBot
  const says = [
    ...(played > 0 ? [`${many(played, "person", "people")} on the playground only${nobodyElse ? ": nobody on Slack or Teams yet" : ""}`] : []),
    ...(nothing.length > 0 ? [`${nothing.join(", ")}: they get nothing, and it never counts as their silence`] : []),
  ]
  return says.length === 0 ? { of, well: true, says: "everybody can be written to" } : { of, well: null, says: says.join("; ") }
}
