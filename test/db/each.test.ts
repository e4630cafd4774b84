// One statement for several who ask, or write, at the same time.
import { randomUUID } from "node:crypto"
import fc from "fast-check"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { hot, type Tx, withSchool, withSchoolTogether } from "../../db/client.ts"
import { askedOf, type Each, eachAsks } from "../../db/each.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"

const oak = "0a000000-0000-4000-8000-000000000001"

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ max: 3 })
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  await owner.unsafe(`create table leaf (school_id uuid not null, n int not null, primary key (school_id, n)); select rapport_protect('leaf')`)
  await owner.end()
})
afterAll(() => database.close())

const how: Each = {
  one: "select 'alone' as how, $1::int as n",
  many: `select nth, 'together' as how, p1 as n from ${askedOf(["int"])} order by nth desc`,
}
const together = <T>(works: readonly ((tx: Tx) => Promise<T>)[]): Promise<T[]> => withSchoolTogether(database.db, oak, works, 1_000)
type How = { how: string; n: number }
const ask = (n: number) => async (tx: Tx) => (await hot<How>(tx, how, [n])).map((row) => `${row.how} ${row.n}`)
const grow: Each = {
  one: "insert into leaf (school_id, n) values ($1, $2)",
  many: `insert into leaf (school_id, n) select p1, p2 from ${askedOf(["uuid", "int"])}`,
}
const leaves = (): Promise<number[]> =>
  withSchool(database.db, oak, async (tx) => (await hot<{ n: number }>(tx, "select n from leaf order by n")).map(({ n }) => n))

describe("what several ask at the same time", () => {
  test("is asked once, and each has the answer to their own question", async () => {
    expect(await together([ask(7), ask(8), ask(9)])).toEqual([["together 7"], ["together 8"], ["together 9"]])
  })

  test("is asked as one's own where nobody else asks it", async () => {
    expect(await withSchool(database.db, oak, ask(7))).toEqual(["alone 7"])
    expect(await together([ask(7), async () => []])).toEqual([["alone 7"], []])
  })

  test("finds as many rows for each as there are, and none where there are none", async () => {
    const upTo = eachAsks(["int"], "select g as n from generate_series(1, $1) g order by g")
    const asking = (n: number) => async (tx: Tx) => (await hot<{ n: number }>(tx, upTo, [n])).map((row) => row.n)
    expect(await together([asking(3), asking(0), asking(1)])).toEqual([[1, 2, 3], [], [1]])
  })

  test("and was asked ahead is answered once to whoever asks the very same", async () => {
    const ahead = (n: number) => async (tx: Tx) => {
      void hot(tx.ahead, how, [n])
      return ask(n)(tx)
    }
    expect(await together([ahead(1), ahead(2)])).toEqual([["together 1"], ["together 2"]])
  })

  test("arrives as it was said, whatever it is", async () => {
    const echo = eachAsks(["text", "jsonb", "bytea", "timestamptz"], "select $1 as words, $2 as detail, $3 as sealed, $4 as at")
    // Postgres keeps no NUL and no half of a pair in text; the words that come here have been cleaned of both.
    const words = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"))
    const value = fc.record({
      words: fc.option(words),
      detail: fc.option(fc.dictionary(fc.stringMatching(/^[a-z]+$/), words)),
      sealed: fc.option(fc.uint8Array()),
      at: fc.option(fc.date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 5 }), async (values) => {
        const echoed = await together(
          values.map((one) => async (tx: Tx) => {
            const [row] = await hot<(typeof values)[number]>(tx, echo, [one.words, one.detail, one.sealed, one.at])
            return row && { words: row.words, detail: row.detail, sealed: row.sealed && new Uint8Array(row.sealed), at: row.at }
          }),
        )
        expect(echoed).toEqual(values.map((one) => ({ ...one, detail: one.detail && { ...one.detail } })))
      }),
      { numRuns: 60 },
    )
  })
})

describe("what several write", () => {
  test("is kept for all of them, also where it leaves with the commit", async () => {
    await together([1, 2, 3].map((n) => async (tx: Tx) => void (await hot(n === 2 ? tx : tx.atCommit, grow, [oak, n]))))
    expect(await leaves()).toEqual([1, 2, 3])
  })

  test("is kept for none where one of them throws", async () => {
    const works = [10, 11].map((n) => async (tx: Tx) => {
      await hot(tx, grow, [oak, n])
      if (n === 11) throw new Error("changed my mind")
    })
    await expect(together(works)).rejects.toThrow("changed my mind")
    expect(await leaves()).not.toContain(10)
  })

  test("is kept for none where the database refuses one of them, and says why", async () => {
    const writing = [20, 21, 20].map((n) => async (tx: Tx) => void hot(tx.atCommit, grow, [oak, n]))
    await expect(together(writing)).rejects.toMatchObject({ cause: expect.objectContaining({ code: "23505" }) })
    expect(await leaves()).not.toContain(21)
  })

  test("names what is missing instead of writing it", async () => {
    const works = [randomUUID(), undefined].map((id) => async (tx: Tx) => void (await hot(tx, grow, [id, 30])))
    await expect(together(works)).rejects.toThrow("Parameter 1 of this query is undefined.")
  })

  test("is kept for none where it waits for somebody's lock", async () => {
    const holding = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const holder = withSchool(database.db, oak, async (tx) => {
      await hot(tx, grow, [oak, 40])
      held.resolve()
      await holding.promise
    })
    await held.promise
    const works = [41, 40].map((n) => async (tx: Tx) => void (await hot(tx, grow, [oak, n])))
    await expect(withSchoolTogether(database.db, oak, works, 50)).rejects.toMatchObject({ code: "55P03" })
    holding.resolve()
    await holder
    expect(await leaves()).not.toContain(41)
  })
})
