// Decides what an installer reads when the database cannot be used. Refuses to repeat a password.

/** One sentence that says what to do, or null where the error is not about reaching the database. */
export function databaseTrouble(error: unknown, url: string): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null
  const where = place(url)
  switch (error.code) {
    case "ECONNREFUSED":
      return `No Postgres answers at ${where.host}: start it, or correct DATABASE_URL.`
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The machine ${where.host} is not known here: correct the host in DATABASE_URL.`
    case "CONNECT_TIMEOUT":
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
      return `Postgres at ${where.host} did not answer in time: check the host in DATABASE_URL and that this machine may reach it.`
    case "ECONNRESET":
    case "CONNECTION_CLOSED":
    case "CONNECTION_DESTROYED":
      return `Postgres at ${where.host} closed the connection: check that DATABASE_URL names a Postgres, and whether it asks for sslmode=require.`
    case "28P01":
    case "28000":
      return `Postgres at ${where.host} refused the user ${where.user}: correct the user or password in DATABASE_URL.`
    case "3D000":
      return `The database ${where.database} does not exist at ${where.host}: create it, or correct DATABASE_URL.`
    case "22023":
    case "42501":
      return /rapport_app/.test(error.message)
        ? `The user ${where.user} may not take the role rapport_app: run "npm run rapport -- migrate", then "grant rapport_app to ${where.user}".`
        : null
    case "57P03":
      return `Postgres at ${where.host} is still starting or shutting down: try again in a moment.`
    case "53300":
      return `Postgres at ${where.host} has no connection left: close some, or raise max_connections.`
    default:
      return null
  }
}

function place(url: string): { host: string; user: string; database: string } {
  try {
    const { host, username, pathname } = new URL(url)
    return { host: host || "localhost", user: username || "given", database: decodeURIComponent(pathname.slice(1)) || "named after the user" }
  } catch {
    return { host: "the address given", user: "given", database: "given" }
  }
}
