// The commands that say how a school wants it: settings, golive.
import type { Command } from "commander"
import type { z } from "zod"
import { writeDeed } from "../../db/queries/access.ts"
import { wakeBy } from "../../db/queries/delivery-owe.ts"
import { askEnrolments } from "../../db/queries/roster-enrol-wake.ts"
import { settingRows } from "../../db/queries/school.ts"
import { activeStaff, dropSetting, saveSetting } from "../../db/queries/settings.ts"
import type { Scene } from "../deps.ts"
import { type SettingKey, type Settings, settingKeys, settingMeanings, settingShapes, settingsFrom, settingsTogether } from "../roster/settings.ts"
import { gateOf } from "../safety/gate.ts"
import { fixedWords } from "../safety/words.ts"
import { type Language, languages } from "../words/phrasebook.ts"
import { ladderGaps } from "./ladder-reach.ts"
import { oneStaff } from "./people.ts"
import { listed, many, print, table } from "./print.ts"
import { inSchool, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

type Options = { school?: string }

export function addSettings(program: Command): void {
  program
    .command("settings")
    .argument("[key]", "which setting")
    .argument("[value...]", 'its new value; "default" takes a change back')
    .description("every setting with its value, one of them, or a new value for it")
    .option("--school <name>", "which school, where there are several")
    .addHelpText(
      "after",
      '\nExamples:\n  rapport settings\n  rapport settings prompt.time 09:40\n  rapport settings safety.ladder "Lena Linde, Pat Parr; a.ortega@example.org"\n\nHow many misses make an alert, how many names a brief holds and how many messages a week an adult has stay fixed on purpose.\nA group may have a weekday and time of its own: rapport plan on GROUP --weekday N --time HH:MM',
    )
    .action(settings)
  program
    .command("golive")
    .description("what is still missing before students may be served on a real platform")
    .option("--school <name>", "which school, where there are several")
    .addHelpText("after", "\nExample:\n  rapport golive")
    .action(golive)
}

async function settings(key: string | undefined, value: readonly string[], options: Options): Promise<void> {
  const known = settingKeys.find((one) => one === key)
  if (key !== undefined && known === undefined) throw new Trouble(`No setting is called "${key}": they are ${listed(settingKeys)}.`)
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const text = value.join(" ")
    const lines = await inSchool(session, school.id, async (scene) => {
      if (known !== undefined && text !== "") await change(scene, known, text)
      const rows = await settingRows(scene.tx)
      const names = new Map((await activeStaff(scene.tx)).map((person) => [person.id, person.name]))
      const now = settingsFrom(rows)
      const { refused, moved } = settingsTogether(now)
      if (refused !== null && text !== "") throw new Trouble(`${refused} Nothing was changed.`)
      const shown = known === undefined ? everySetting(now, rows, names) : oneSetting(known, now, rows, names)
      return [...shown, ...(refused === null ? moved : [refused])]
    })
    print(...lines)
  })
}

type Names = ReadonlyMap<string, string>

const everySetting = (now: Settings, rows: Readonly<Record<string, unknown>>, names: Names): string[] => [
  ...table(settingKeys.map((key) => [key, shown(key, now, names), Object.hasOwn(rows, key) ? "changed" : "default", settingMeanings[key]])),
]

const oneSetting = (key: SettingKey, now: Settings, rows: Readonly<Record<string, unknown>>, names: Names): string[] => [
  `${key} = ${shown(key, now, names)}${Object.hasOwn(rows, key) ? "" : " (the default)"}`,
  `It says ${settingMeanings[key]}.`,
]

/** A setting as a person would type it. */
function shown(key: SettingKey, now: Settings, names: Names): string {
  const value = now[key]
  if (value === null) return "not set"
  switch (key) {
    case "safety.ladder":
      return (now[key]?.steps ?? []).map((step) => step.personIds.map((id) => names.get(id) ?? "someone who left").join(", ")).join("; ")
    case "safety.signoff":
      return `${names.get(now[key]?.by ?? "") ?? now[key]?.by}, ${now[key]?.on}`
    case "safety.hours":
      return hoursShown(now[key])
    default:
      return String(now[key])
  }
}

const dayNames = ["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]

function hoursShown(hours: Settings["safety.hours"]): string {
  if (hours === null) return "not set"
  const weekly = hours.weekly.map(({ weekdays, open, close }) => {
    const [first, last] = [weekdays[0] ?? 0, weekdays.at(-1) ?? 0]
    const run = last - first === weekdays.length - 1
    const days = run && first !== last ? `${dayNames[first]}-${dayNames[last]}` : weekdays.map((day) => dayNames[day]).join(",")
    return `${days} ${open}-${close}`
  })
  const breaks = hours.breaks.kind === "covered" ? ["breaks covered"] : hours.breaks.periods.map(({ from, until }) => `nobody ${from} to ${until}`)
  return [...weekly, ...breaks].join("; ")
}

async function change(scene: Scene & { ids: () => string }, key: SettingKey, text: string): Promise<void> {
  const { tx, schoolId, now } = scene
  if (text === "default") await dropSetting(tx, key)
  else {
    const read = settingShapes[key].safeParse(key === "safety.ladder" ? await ladderIn(scene, text) : text)
    if (!read.success) throw new Trouble(`"${text}" does not fit ${key}: it takes ${allowed(read.error)}.`)
    const value = key === "safety.signoff" ? await signedById(scene, settingShapes[key].parse(text)) : read.data
    await saveSetting(tx, schoolId, { key, value, now })
  }
  await writeDeed(tx, {
    schoolId,
    id: scene.ids(),
    at: now,
    actorId: null,
    via: "terminal",
    act: "setting_changed",
    subjectId: null,
    detail: { key },
  })
  for (const chore of ["plan", "sweep"] as const) await wakeBy(tx, schoolId, chore, now)
  // Whoever was too young has no address yet: the workspace is read again.
  if (key === "slack.minimum_age") await askEnrolments(tx, schoolId, now)
}

const allowed = (error: z.ZodError): string => listed([...new Set(error.issues.map((issue) => issue.message))])

/** People are typed as the school knows them, and kept by id. */
async function ladderIn(scene: Scene, text: string): Promise<unknown> {
  if (text.trim().startsWith("{")) return text
  const steps: { personIds: string[] }[] = []
  for (const step of text.split(";")) {
    const personIds: string[] = []
    for (const name of step.split(",")) personIds.push((await oneStaff(scene.tx, name.trim())).id)
    steps.push({ personIds })
  }
  return { steps }
}

type Signoff = Settings["safety.signoff"]

/** Who signed is kept by id too: the gate asks for them with every message. */
const signedById = async (scene: Scene, signed: Signoff): Promise<Signoff> => signed && { ...signed, by: (await oneStaff(scene.tx, signed.by)).id }

async function golive(options: Options): Promise<void> {
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const { ready, missing, gaps } = await inSchool(session, school.id, async (scene) => ({
      ...(await gateOf(scene)),
      gaps: await ladderGaps(scene, session.config.playground),
    }))
    const warnings = gaps.map((gap) => `Warning: ${gap}.`)
    if (!ready) {
      const todo = [
        `${school.name} is not ready to serve students. ${many(missing.length, "thing")} to do:`,
        ...missing.map((one) => `  - ${one.says}`),
        ...warnings,
      ]
      throw new Trouble([...todo, ...(missing.some(({ key }) => key === "safety.signoff") ? toSign() : [])].join("\n"))
    }
    print(`${school.name} is ready to serve students on a real platform.`, ...warnings)
  })
}

const languageNames: Readonly<Record<Language, string>> = { en: "English", es: "Spanish" }

/** Every fixed word about danger, for whoever is to sign them. */
const toSign = (): string[] =>
  languages.flatMap((language) => ["", `The words to sign, in ${languageNames[language]}:`, ...fixedWords(language).map((words) => `  ${words}`)])
