// What a stretch of the sample school came to, counted from what was really sent and shown. Decides nothing; a test says what must hold of it.
import { sql } from "drizzle-orm"
import type { Button } from "../../src/platform/message.ts"
import { addDays, localDate, mondayOf } from "../../src/scheduling/zone.ts"
import type { TestTown } from "./town.ts"

/** One adult's week, by their own clock: the students they were given by name, how many notes were among these, what the bot started. */
export type AdultWeek = { user: string; week: string; names: readonly string[]; notes: number; started: number }

type Adult = { user: string; name: string; zone: string; briefs: number; lists: number }

export type Alert = {
  id: string
  user: string
  owner: string | null
  kind: string
  week: string
  openedAt: Date
  openedOn: string
  closedOn: string | null
  as: string
  misses: number
}

export type Sent = { kind: string; role: string; weekday: number; hour: number; count: number }

export type YearReport = {
  adults: readonly Adult[]
  weeks: readonly string[]
  adultWeeks: readonly AdultWeek[]
  sent: readonly Sent[]
  prompts: Readonly<Record<"asked" | "answered" | "skipped" | "missed" | "ours" | "no_chance", number>>
  alerts: readonly Alert[]
}

/** Reach-outs and safety are exempt from the two a week. */
const exempt = sql.raw("('reach_out', 'reach_out_news', 'safety_alert', 'safety_resources')")

export async function readYear(town: TestTown): Promise<YearReport> {
  const { ask } = town
  const adults = await ask<Adult>(
    sql`select p.sourced_id as user, coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as name, si.zone,
          count(*) filter (where d.kind = 'brief')::int as briefs, count(*) filter (where d.kind = 'reading_list')::int as lists
        from person p join site si on si.school_id = p.school_id and si.id = p.site_id
        left join delivery d on d.school_id = p.school_id and d.person_id = p.id and d.state = 'sent'
        where p.role = 'staff' group by 1, 2, 3 order by 1`,
  )
  const started = await ask<{ user: string; week: string; count: number }>(
    sql`select p.sourced_id as user, to_char(date_trunc('week', d.settled_at at time zone si.zone), 'YYYY-MM-DD') as week, count(*)::int as count
        from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id and p.role = 'staff'
        join site si on si.school_id = p.school_id and si.id = p.site_id
        where d.state = 'sent' and not d.urgent and d.kind not in ${exempt} group by 1, 2`,
  )
  const alerts = await ask<Alert>(
    sql`select a.id, coalesce(p.sourced_id, g.sourced_id) as user, ad.sourced_id as owner, a.kind, to_char(a.week, 'YYYY-MM-DD') as week, a.opened_at as "openedAt",
          to_char(a.opened_at at time zone si.zone, 'YYYY-MM-DD') as "openedOn", to_char(a.closed_at at time zone si.zone, 'YYYY-MM-DD') as "closedOn",
          case when a.state <> 'closed' then a.state when a.closed_as is null then 'a hello' else a.closed_as end as as,
          coalesce(length(regexp_replace(substring(left(h.weeks, (a.week - h.start) / 7 + 1) from '([^as]*)$'), '[^m]', '', 'g')), 0) as misses
        from alert a left join person p on p.school_id = a.school_id and p.id = a.subject_id
        left join school_group g on g.school_id = a.school_id and g.id = a.subject_id
        left join person ad on ad.school_id = a.school_id and ad.id = a.owner_id
        join site si on si.school_id = a.school_id and si.id = coalesce(p.site_id, g.site_id)
        left join history h on h.school_id = a.school_id and h.student_id = p.id order by a.opened_at, 2`,
  )
  const users = new Map((await ask<{ id: string; user: string }>(sql`select id, sourced_id as user from person`)).map(({ id, user }) => [id, user]))
  const about = new Map(alerts.map(({ id, user }) => [id, user]))
  const weeks = [...new Set(started.map(({ week }) => week))].sort()
  const adultWeeks = adults.flatMap(({ user, zone }) => {
    const shown = Map.groupBy(town.messages(user), ({ at }) => mondayOf(localDate(new Date(at), zone)))
    return weeks.map((week): AdultWeek => {
      const pressed = (shown.get(week) ?? []).flatMap((item) => (item.by === "bot" ? item.message.blocks : [])).flatMap(buttonsIn)
      const of = (action: string) => pressed.flatMap((button) => (button.action === action ? [button.id] : []))
      const names = [...of("hello").map((id) => users.get(id) ?? id), ...of("alert_hello").map((id) => about.get(id) ?? id)]
      return {
        ...{ user, week, names: [...new Set(names)], notes: new Set(of("alert_more")).size },
        started: started.find((one) => one.user === user && one.week === week)?.count ?? 0,
      }
    })
  })
  const sent = await ask<Sent>(
    sql`select d.kind, p.role, extract(isodow from l.local)::int as weekday, extract(hour from l.local)::int as hour, count(*)::int as count
        from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id join site si on si.school_id = p.school_id and si.id = p.site_id
        cross join lateral (select d.settled_at at time zone si.zone as local) l where d.state = 'sent' group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  )
  const [prompts] = await ask<YearReport["prompts"]>(
    sql`select count(*)::int as asked, count(*) filter (where state = 'answered')::int as answered, count(*) filter (where state = 'skipped')::int as skipped,
          count(*) filter (where outcome = 'missed')::int as missed, count(*) filter (where outcome = 'ours')::int as ours,
          count(*) filter (where outcome = 'no_chance')::int as no_chance from occurrence`,
  )
  if (!prompts) throw new Error("A count came back empty.")
  return { adults, weeks, adultWeeks, sent, prompts, alerts }
}

const buttonsIn = (block: { kind: string; buttons?: readonly Button[] }): readonly Button[] => (block.kind === "buttons" ? (block.buttons ?? []) : [])

/** One plain table after another. */
export function yearTables({ adults, weeks, adultWeeks, sent, prompts, alerts }: YearReport): string {
  const most = (numbers: readonly number[]): string => `${Math.max(0, ...numbers)}`
  const people = adults
    .filter(({ briefs, lists }) => briefs + lists > 0)
    .map(({ user, name, briefs, lists }) => {
      const own = adultWeeks.filter((one) => one.user === user)
      const named = (count: number) => `${own.filter(({ names }) => names.length === count).length}`
      const notes = own.map((one) => one.notes)
      const mean = (notes.reduce((sum, count) => sum + count, 0) / own.length).toFixed(2)
      return [
        `${user} ${name}`,
        ...[0, 1, 2, 3].map(named),
        `${own.filter(({ names }) => names.length > 3).length}`,
        mean,
        most(notes),
        ...[`${briefs}`, `${lists}`, most(own.map((one) => one.started))],
      ]
    })
  const hours = [...new Set(sent.map(({ hour }) => hour))].sort((a, b) => a - b)
  const at = (weekday: number, hour: number): number =>
    sent.filter((one) => one.weekday === weekday && one.hour === hour).reduce((sum, { count }) => sum + count, 0)
  const kinds = [...Map.groupBy(alerts, ({ kind, as }) => `${kind}: ${as}`)]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([how, list]) => [how, `${list.length}`])
  const misses = [...Map.groupBy(alerts, (one) => one.misses)].sort(([a], [b]) => a - b).map(([count, list]) => `${list.length} after ${count}`)
  return [
    `${weeks.length} weeks, ${weeks[0]} to ${addDays(weeks.at(-1) ?? "", 6)}.`,
    "",
    ...table([
      ["per adult: weeks with", "0", "1", "2", "3", "4+ names", "notes a week", "most", "briefs", "lists", "most started a week"],
      ...people,
    ]),
    "",
    ...table([
      ["sent, local hour", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
      ...hours.map((hour) => [`${String(hour).padStart(2, "0")}:00`, ...[1, 2, 3, 4, 5, 6, 7].map((day) => `${at(day, hour)}`)]),
    ]),
    "",
    ...table([
      ["prompts", ...Object.keys(prompts)],
      ["", ...Object.values(prompts).map(String)],
    ]),
    "",
    ...table([["notes", "how they ended"], ...kinds]),
    `Counted misses when opened: ${misses.join(", ") || "none"}.`,
    "",
    ...table([
      ["student", "opened", "misses", "owner at last", "closed", "as"],
      ...alerts.map((one) => [one.user, one.openedOn, `${one.misses}`, one.owner ?? "list", one.closedOn ?? "open", one.as]),
    ]),
  ].join("\n")
}

function table(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  return lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  )
}
