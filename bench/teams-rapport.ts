// All of Rapport as `npm start` runs it, but for where Microsoft is: no setting of the environment may say that.
// usage: node bench/teams-rapport.ts PLACES_AS_JSON; says where it is as soon as it is ready.
import { readConfig } from "../src/config.ts"
import { start } from "../src/main.ts"
import type { Places } from "./teams-events.ts"

const { endpoints } = JSON.parse(process.argv[2] ?? "") as Places
const read = readConfig(process.env)
if (read.kind === "refused") throw new Error(read.problems.join("\n"))
const running = await start(read.config, { teams: endpoints })
process.once("SIGTERM", () => void running.stop().then(() => process.exit(0)))
process.stdout.write(`Rapport is ready at ${running.url}\n`)
