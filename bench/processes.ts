// A server under load, in a process of its own that says where it is; and the bench's own vendor, which answers it.
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Target } from "./load.ts"

export type Server = Target & { name: string; stop: () => Promise<void> }

const root = join(import.meta.dirname, "..")

/** `script`: as `import.meta.resolve` names it. */
type Started = { script: string; args?: readonly string[]; env?: Readonly<Record<string, string>>; said: RegExp }

/** Runs a script of this project until it says, by the first group of `said`, where it is. `env` is all that it gets. */
export async function started({ script, args = [], env, said }: Started): Promise<{ where: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    ...(env === undefined ? {} : { env: { PATH: process.env.PATH, ...env } }),
  })
  return { where: await heard(child, said), stop: () => ended(child) }
}

function heard(child: ChildProcess, said: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ""
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      const found = text.split("\n").flatMap((line) => said.exec(line.trim())?.[1] ?? [])
      if (found[0] !== undefined) resolve(found[0])
    })
    child.once("exit", (code) => reject(new Error(`A server ended before it was ready (${code}).`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill("SIGTERM")
  await once(child, "exit")
}

/** A vendor's side of the answers. */
export async function openVendor(answer: RequestListener): Promise<{ origin: string; stop: () => Promise<void> }> {
  const server = createServer(answer)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
