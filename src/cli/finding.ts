// How doctor says one thing, and what it says of every platform alike.
import type { WorkspaceRow } from "../../db/queries/workspaces.ts"
import { many, table } from "./print.ts"

/** `well` null: nothing is wrong, but something is still to be done before anybody is asked. */
export type Finding = { of: string; well: boolean | null; says: string }
/** `lines` stand below the table: lists of people, and what cannot be looked at from here. */
export type Found = { findings: Finding[]; lines: string[] }

export const notSetUp = (of: string, { tenant }: WorkspaceRow, todo: string): Finding => ({
  of,
  well: false,
  says: `${tenant} is connected, but ${todo}`,
})

export const lastEvent = (of: string, last: Date): Finding => ({
  of,
  well: true,
  says: `the last one came ${last.toISOString().slice(0, 16).replace("T", " ")} UTC`,
})

export const addressFinding = (of: string, trouble: number): Finding => ({
  of,
  well: trouble === 0 ? true : null,
  says:
    trouble === 0
      ? "none refuses us"
      : `${many(trouble, "address refuses", "addresses refuse")} us: whoever it is gets nothing there until they write again`,
})

const mostNamed = 20

/** People by name with what is to be known of each; the first 20, or all. */
export function namedPeople(heading: string, people: readonly (readonly string[])[], all: boolean): string[] {
  if (people.length === 0) return []
  const shown = all ? people : people.slice(0, mostNamed)
  const more = people.length - shown.length
  return [heading, ...table(shown, "  "), ...(more === 0 ? [] : [`  and ${more} more: add --all`])]
}
