// What `rapport roster import` says it did, or would not do.
import { type Applied, changedTables, type RosterReport } from "../roster/apply.ts"
import type { Problem } from "../roster/csv.ts"
import { listed, many, some, table } from "./print.ts"

/** A problem as editors jump to it: file:line, then the column. */
export const problemLines = (problems: readonly (Omit<Problem, "column"> & { column?: string | null })[], more = 0): string[] => [
  ...problems.map(({ file, line, column, says }) => `${file}:${line}: ${column ? `${column}: ` : ""}${says}`),
  ...(more > 0 ? [`... and ${many(more, "problem")} more.`] : []),
]

const namesMost = 20

export function reportLines(report: RosterReport): string[] {
  const rows = changedTables.map((name) => {
    const { added, changed, ended } = report.changes[name]
    return [name, String(added), String(changed), String(ended)]
  })
  const left = Object.entries(report.leftOut)
  return [
    ...table([["", "added", "changed", "ended"], ...rows]),
    "",
    ...(report.advisories.length === 0
      ? ['No class was taken for an advisory: name the words of your titles with --advisory, or run "caseload import FILE.csv".']
      : [
          `${many(report.advisories.length, "advisory", "advisories")}:`,
          ...table(
            report.advisories.map((one) => [one.title, one.site, many(one.students, "student"), one.lead ?? "nobody leads it", one.why ?? ""]),
            "  ",
          ),
        ]),
    "",
    ...(left.length === 0
      ? []
      : [`Not read: ${listed(left.map(([role, count]) => `${count} ${role === "no role" ? "without a role" : `with the role ${role}`}`))}.`]),
    ...(report.consented === 0 ? [] : [`Consent recorded for ${many(report.consented, "student")}.`]),
    ...withoutAdvisorLines(report.studentsWithoutAdvisor),
    ...(report.termsEnded === null ? [] : [`Every term in this roster has ended (the last on ${report.termsEnded}), so no class counts today.`]),
    ...zoneLines(report.sitesWithoutZone),
  ]
}

function zoneLines(sites: RosterReport["sitesWithoutZone"]): string[] {
  const [first] = sites
  if (!first) return []
  const names = listed(sites.map((site) => `${site.name} (${site.sourcedId})`))
  return [
    `Nobody said in which time zone ${names} ${sites.length === 1 ? "lies" : "lie"}, so nobody there can be asked yet: import again with ` +
      `--zone Area/City, such as America/Chicago, or --zone ${first.sourcedId}=Area/City for one site.`,
  ]
}

export const withoutAdvisorLines = (names: readonly string[]): string[] =>
  names.length === 0
    ? ["Every student has an advisor."]
    : [`${names.length === 1 ? "One student has" : `${names.length} students have`} no advisor: ${some(names, namesMost)}.`]

/** One sentence for a roster that was not taken, with what to do. */
export function refusalOf(applied: Exclude<Applied, { kind: "applied" }>): string {
  switch (applied.kind) {
    case "zone_missing": {
      const names = applied.sites.map((site) => `${site.name} (${site.sourcedId})`)
      const [first] = applied.sites
      return `${listed(names)} ${names.length === 1 ? "has" : "have"} no time zone yet: add --zone Area/City for all, or --zone ${first?.sourcedId ?? "SITE"}=Area/City for one, such as --zone America/Chicago. Nothing was changed.`
    }
    case "zone_unknown":
      return `${listed(applied.zones.map((zone) => `"${zone}"`))} is not a time zone: write it as Area/City, such as America/New_York. Nothing was changed.`
    case "site_unknown":
      return `--zone names ${listed(applied.sites.map((site) => `"${site}"`))}, which is no site of this roster: its sites are ${listed(applied.known)}. Nothing was changed.`
    case "no_site":
      return "The roster names no school, and none is known here: it needs a row in orgs.csv for each school building. Nothing was changed."
    case "shrinks": {
      const who = applied.who === "student" ? "students" : "staff"
      return `Only ${applied.kept} of the ${applied.now} ${who} here are in this roster, and everyone else would end: add --yes if that is right, or --school NAME if it is another school's. Nothing was changed.`
    }
    default:
      return applied satisfies never
  }
}
