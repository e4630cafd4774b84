import { expect, test } from "vitest"
import { startHeartbeat } from "../src/heartbeat.ts"
import { createLog } from "../src/log.ts"

test("ticks go on after a failure, never overlap, and end with the heartbeat", async () => {
  const lines: string[] = []
  const log = createLog("info", { write: (line) => void lines.push(line) })
  let ticks = 0
  let inside = 0
  let most = 0
  const slowTick = Promise.withResolvers<void>()
  const secondTick = Promise.withResolvers<void>()
  const heartbeat = startHeartbeat(
    async () => {
      ticks++
      most = Math.max(most, ++inside)
      try {
        if (ticks === 1) throw new Error("the first one fails")
        secondTick.resolve()
        await slowTick.promise
      } finally {
        inside--
      }
    },
    log,
    "* * * * * *",
  )
  await secondTick.promise
  const stopped = heartbeat.stop()
  slowTick.resolve()
  await stopped
  expect({ ticks, inside, most }).toEqual({ ticks: 2, inside: 0, most: 1 })
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(["tick_failed"])
})
