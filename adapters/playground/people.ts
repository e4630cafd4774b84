// What the playground is told from outside: who may be played, and a clock that can be moved.

export const roles = ["student", "advisor", "teacher", "counsellor", "principal", "admin"] as const
export type PlaygroundRole = (typeof roles)[number]

export type PlaygroundPerson = {
  user: string
  name: string
  role: PlaygroundRole
  group: string | null
  site: string | null
  email: string | null
  zone: string | null
  language: string | null
}

export const moves = ["next_school_day", "next_week", "next_event"] as const
export type Move = (typeof moves)[number]

/** Where a move began, where it is, and where it ends if that is known. */
export type MoveProgress = { from: Date; at: Date; to: Date | null }

/** Only the playground has a clock that people move; `progress` is null while it stands still. */
export type PlaygroundTime = {
  now(): Date
  zone: string
  move(to: Move): Promise<void>
  progress(): MoveProgress | null
}

/** The bot's own account at this vendor: what it writes never comes back as an event. */
export const botUser = "rapport"
