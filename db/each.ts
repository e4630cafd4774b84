// Decides how one statement asks, or writes, for several at once, and whose answer each row is. Refuses to know what is asked.

/**
 * A statement that is asked as `one`, or once for several who ask it at the same time as `many`: each parameter is then an array with a value of
 * each of them, and a row says by `nth` (from 1) whom it answers.
 */
export type Each = { readonly one: string; readonly many: string }

/** The relation `asked` of a `many`: a row for each who asks, its parameters `p1`, `p2`, ... of these types, and `nth`. */
export const askedOf = (types: readonly string[]): string =>
  `unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(", ")}) with ordinality as asked(${types.map((_, i) => `p${i + 1}`).join(", ")}, nth)`

/** A question, `types` being those of its parameters in their order. */
export function eachAsks(types: readonly string[], one: string): Each {
  return {
    one,
    many: `select asked.nth, answer.* from ${askedOf(types)} cross join lateral (${one.replace(/\$(\d+)/g, "asked.p$1")}) answer`,
  }
}

type Params = readonly unknown[]
type Rows = Iterable<unknown>
type Asker = { params: Params; give: (rows: Rows) => void; refuse: (error: unknown) => void }

/** What is asked by the same statement before the event loop comes round is asked by one. */
export function gathering(run: (text: string, params: Params, prepare: true) => Promise<Rows>): (each: Each, params: Params) => Promise<Rows> {
  let waiting = new Map<Each, Asker[]>()
  function ask(): void {
    const now = waiting
    waiting = new Map()
    for (const [each, askers] of now) {
      const { text, params } = forAll(
        each,
        askers.map((asker) => asker.params),
      )
      run(text, params, true).then(
        (rows) => handOut(askers, rows),
        (error: unknown) => {
          for (const { refuse } of askers) refuse(error)
        },
      )
    }
  }
  return (each, params) => {
    const answer = new Promise<Rows>((give, refuse) => {
      if (waiting.size === 0) setImmediate(ask)
      const askers = waiting.get(each)
      if (askers) askers.push({ params, give, refuse })
      else waiting.set(each, [{ params, give, refuse }])
    })
    // Whoever asked ahead may never come for it; `run` has noted what went wrong.
    answer.catch(() => {})
    return answer
  }
}

/** The same statements with those of one `Each` together, where the first of them stood. */
export function together(statements: readonly (readonly [string | Each, Params])[]): { text: string; params: Params }[] {
  const gathered = new Map<unknown, { text: string | Each; all: Params[] }>()
  for (const [text, params] of statements) {
    const key = typeof text === "string" ? params : text
    const there = gathered.get(key)
    if (there) there.all.push(params)
    else gathered.set(key, { text, all: [params] })
  }
  return [...gathered.values()].map(({ text, all }) => (typeof text === "string" ? { text, params: all[0] ?? [] } : forAll(text, all)))
}

function forAll(each: Each, all: readonly Params[]): { text: string; params: Params } {
  const [first = []] = all
  return all.length === 1 ? { text: each.one, params: first } : { text: each.many, params: first.map((_, i) => all.map((params) => params[i])) }
}

function handOut(askers: readonly Asker[], rows: Rows): void {
  const answers: unknown[][] = askers.map(() => [])
  if (askers.length === 1) answers[0]?.push(...rows)
  else for (const row of rows as Iterable<{ nth: number }>) answers[row.nth - 1]?.push(row)
  for (const [i, { give }] of askers.entries()) give(answers[i] ?? [])
}
