// Decides how an entry of a list is written. Refuses to know any language.

const topics = ["self_harm", "abuse", "violence", "exploitation"] as const
export type Topic = (typeof topics)[number]
export type Level = "none" | "concern" | "urgent"

/**
 * Entries are words in small letters without accents or apostrophes. `{name}` is one of the list's own groups, `_` is up to four words
 * in between, `~` any ending, `(a|b c)` a choice and `( )?` an option. `glued` holds what is looked for where spaces cannot be trusted.
 */
export type List = {
  groups: Readonly<Record<string, string>>
  entries: Readonly<Record<Topic, Readonly<Record<"urgent" | "concern", readonly string[]>>>>
  glued: Readonly<Record<Topic, Readonly<Record<"urgent" | "concern", string>>>>
}

export type Entry = { level: "urgent" | "concern"; topic: Topic; words: string }

const levels = ["urgent", "concern"] as const

export const entriesOf = (list: List): Entry[] =>
  topics.flatMap((topic) => levels.flatMap((level) => list.entries[topic][level].map((words) => ({ level, topic, words: grouped(list, words) }))))

export const gluedOf = (list: List): Entry[] =>
  topics.flatMap((topic) =>
    levels.flatMap((level) =>
      list.glued[topic][level]
        .split(" ")
        .filter(Boolean)
        .map((words) => ({ level, topic, words })),
    ),
  )

/** Groups may name other groups, never themselves. Throws on a group that the list does not have. */
function grouped(list: List, words: string): string {
  return words.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const group = list.groups[name]
    if (group === undefined) throw new Error(`the list has no group {${name}}`)
    return grouped(list, `(${group})`)
  })
}
