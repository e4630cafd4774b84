/** Time comes in as an argument: tests and the playground move it, production keeps it at the database's. */
export type Clock = { now(): Date }

/** A vendor's clock and ours may differ by this much. */
export const clocksDifferMs = 60_000
