/** Time comes in as an argument: tests and the playground move it, production keeps it at the database's. */
export type Clock = { now(): Date }
