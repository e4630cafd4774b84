// A real browser for tests on a bare machine: Debian's Chromium where it is installed, else the one inside @sparticuz/chromium.
import { execFile } from "node:child_process"
import { access, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Browser, chromium } from "playwright-core"

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
]
const installed = "/usr/bin/chromium"

/** Opens headless Chromium; the caller closes it. A machine without a browser is an error with a sentence, never a skipped test. */
export async function openBrowser(): Promise<Browser> {
  try {
    if (await exists(installed)) return await chromium.launch({ executablePath: installed, args: flags })
    const home = await unpacked()
    return await chromium.launch({
      executablePath: join(home, "chromium"),
      args: flags,
      env: { HOME: home, PATH: "/usr/bin:/bin", LD_LIBRARY_PATH: join(home, "al2023", "lib"), FONTCONFIG_FILE: join(home, "fonts.conf") },
    })
  } catch (error) {
    throw new Error(
      `No browser could be started, and browser tests are never skipped: run npm ci on Linux x64 or install Debian's chromium. ${String(error)}`,
      { cause: error },
    )
  }
}

/** Unpacks the packaged browser once per version, beside the modules it came with; two workers at once are both right. */
async function unpacked(): Promise<string> {
  const main = fileURLToPath(import.meta.resolve("@sparticuz/chromium"))
  const version = /"version": "([^"]+)"/.exec(await readFile(join(dirname(main), "..", "package.json"), "utf8"))?.[1] ?? "unknown"
  const modules = join(dirname(main), "..", "..", "..")
  const home = join(modules, `.chromium-${version}`)
  if (await exists(home)) return home
  const staging = await mkdtemp(`${home}-`)
  // The package unpacks into the temporary folder, and its libraries only where it believes to be on Lambda: so in a process of its own.
  const script = `import chromium from ${JSON.stringify(main)}; await chromium.executablePath()`
  const env = { TMPDIR: staging, AWS_EXECUTION_ENV: "24.x" }
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env })
  await writeFile(join(staging, "fonts.conf"), fontsFor(home))
  try {
    await rename(staging, home)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    if (!(await exists(home))) throw error
  }
  return home
}

/** The packaged fonts first, so that a screenshot looks the same anywhere; the machine's own for signs they lack. */
const fontsFor = (home: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(home, "fonts-cache")}</cachedir>
  ${["sans-serif", "system-ui", "serif"].map((name) => `<alias binding="strong"><family>${name}</family><prefer><family>Open Sans</family></prefer></alias>`).join("\n  ")}
</fontconfig>
`

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
