import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { DatabaseBusy, databaseNow, type Hot, hot, openDatabase, rows, type Tx, withoutSchool, withSchool } from "../../db/client.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"

const oak = "0a000000-0000-4000-8000-000000000001"
const elm = "0a000000-0000-4000-8000-000000000002"
const ash = "0a000000-0000-4000-8000-000000000003"
const noon = new Date("2026-03-02T12:00:00.123Z")

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase({ max: 3, acquireTimeoutMs: 300 })
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  await owner.unsafe(`
    create table note (school_id uuid not null, n int not null, at timestamptz not null, primary key (school_id, n));
    select rapport_protect('note')`)
})

afterAll(async () => {
  await owner.end()
  await database.close()
})

const add = (tx: Tx, school: string, n: number) => hot(tx, "insert into note (school_id, n, at) values ($1, $2, $3)", [school, n, noon])
const numbers = async (tx: Tx) => (await hot<{ n: number }>(tx, "select n from note order by n")).map((row) => row.n)
const backend = async (tx: Tx) => (await hot<{ pid: number }>(tx, "select pg_backend_pid() as pid"))[0]?.pid ?? 0

const counted = async (tx: Hot) => (await hot<{ n: number }>(tx, "select count(*)::int as n from note"))[0]?.n

describe("a question asked ahead", () => {
  test("is answered as of then to whoever asks the very same", async () => {
    const seen = await withSchool(database.db, randomUUID(), async (tx) => {
      const school = (await hot<{ id: string }>(tx, "select current_setting('app.school_id') as id"))[0]?.id ?? ""
      void counted(tx.ahead)
      await add(tx, school, 1)
      return [await counted(tx), await rows<{ n: number }>(tx, sql`select count(*)::int as n from note`)]
    })
    expect(seen).toEqual([0, [{ n: 1 }]])
  })

  test("is asked anew once it is forgotten", async () => {
    const seen = await withSchool(database.db, ash, async (tx) => {
      const before = await counted(tx)
      void counted(tx.ahead)
      await add(tx, ash, 500)
      tx.forget()
      return [before, await counted(tx)]
    })
    expect(seen[1]).toBe((seen[0] ?? 0) + 1)
  })

  test("and never taken up fails nobody by itself, but its transaction", async () => {
    const asking = withSchool(database.db, ash, async (tx) => {
      void hot(tx.ahead, "select 1 / $1::int", [0])
      return "done"
    })
    await expect(asking).rejects.toThrow("Nothing was kept")
  })
})

describe("a write that leaves with the commit", () => {
  test("is kept with everything before it", async () => {
    await withSchool(database.db, ash, async (tx) => {
      void hot(tx.atCommit, "insert into note (school_id, n, at) values ($1, $2, $3)", [ash, 601, noon])
      await add(tx, ash, 600)
    })
    expect(await withSchool(database.db, ash, numbers)).toEqual(expect.arrayContaining([600, 601]))
  })

  test("that fails takes everything with it, and says why", async () => {
    const writing = withSchool(database.db, ash, async (tx) => {
      await add(tx, ash, 610)
      void hot(tx.atCommit, "insert into note (school_id, n, at) values ($1, $2, $3)", [ash, 610, noon])
    })
    await expect(writing).rejects.toMatchObject({ cause: expect.objectContaining({ code: "23505" }) })
    expect(await withSchool(database.db, ash, numbers)).not.toContain(610)
  })

  test("is not written where the work throws", async () => {
    const writing = withSchool(database.db, ash, async (tx) => {
      void hot(tx.atCommit, "insert into note (school_id, n, at) values ($1, $2, $3)", [ash, 620, noon])
      throw new Error("changed my mind")
    })
    await expect(writing).rejects.toThrow("changed my mind")
    expect(await withSchool(database.db, ash, numbers)).not.toContain(620)
  })
})

describe("a transaction", () => {
  test("sees its own school only, and writes to no other", async () => {
    await withSchool(database.db, oak, (tx) => add(tx, oak, 1))
    await withSchool(database.db, elm, (tx) => add(tx, elm, 2))
    expect(await withSchool(database.db, oak, numbers)).toEqual([1])
    expect(await withSchool(database.db, elm, numbers)).toEqual([2])
    expect(await withoutSchool(database.db, numbers)).toEqual([])
    await expect(withSchool(database.db, oak, (tx) => add(tx, elm, 3))).rejects.toThrow("row-level security")
  })

  test("runs without the owner's rights", async () => {
    const [row] = await withoutSchool(database.db, (tx) => hot<{ who: string }>(tx, "select current_user as who"))
    expect(row?.who).toBe("rapport_app")
  })

  test("keeps nothing when its work throws, and nothing when a failure inside was swallowed", async () => {
    await expect(
      withSchool(database.db, oak, async (tx) => {
        await add(tx, oak, 10)
        throw new Error("changed my mind")
      }),
    ).rejects.toThrow("changed my mind")
    await expect(
      withSchool(database.db, oak, async (tx) => {
        await add(tx, oak, 11)
        await hot(tx, "select 1 / 0").catch(() => {})
      }),
    ).rejects.toThrow("Nothing was kept")
    expect(await withSchool(database.db, oak, numbers)).toEqual([1])
  })

  test("is over when it is over", async () => {
    let kept: Tx | undefined
    await withSchool(database.db, oak, async (tx) => {
      kept = tx
    })
    await expect(kept && numbers(kept)).rejects.toThrow("over")
  })

  test("refuses a school that is no uuid, before anything is sent", async () => {
    await expect(withSchool(database.db, "x'); drop table note; --", numbers)).rejects.toThrow("uuid")
  })
})

describe("values", () => {
  test("come back the same from raw SQL and a hot query", async () => {
    const query = "select $1::timestamptz as at, $2::date as day, $3::bytea as bytes, 5::bigint as count, $4::jsonb as detail, $5::uuid[] as ids"
    const params = [noon, "2026-03-02", Uint8Array.of(0, 255), { a: [1] }, [oak, elm]]
    const hotRow = await withoutSchool(database.db, (tx) => hot<Record<string, unknown>>(tx, query, params))
    const rawRow = await withoutSchool(database.db, (tx) =>
      rows<Record<string, unknown>>(
        tx,
        sql`select ${noon}::timestamptz as at, ${"2026-03-02"}::date as day, ${Uint8Array.of(0, 255)}::bytea as bytes, 5::bigint as count,
          ${{ a: [1] }}::jsonb as detail, ${sql.param([oak, elm])}::uuid[] as ids`,
      ),
    )
    for (const [row] of [hotRow, rawRow]) {
      expect(row).toEqual({ at: noon, day: "2026-03-02", bytes: Buffer.from([0, 255]), count: 5, detail: { a: [1] }, ids: [oak, elm] })
    }
  })

  test("of every kind fit into an array", async () => {
    const awkward = ['a"b', "c\\d", "{e,f}", "", "NULL", "é😀"]
    const query =
      "select $1::text[] as words, $2::boolean[] as yes, $3::timestamptz[] as times, $4::int[] as counts, $5::bytea[] as sealed, $6::date[] as days"
    const params = [awkward, [true, false], [noon], [], [Uint8Array.of(1, 92)], ["2026-03-02"]]
    const [row] = await withoutSchool(database.db, (tx) => hot(tx, query, params))
    const [gap] = await withoutSchool(database.db, (tx) => hot(tx, "select array_position($1::text[], null) as at", [["NULL", null]]))
    expect(gap).toEqual({ at: 2 })
    expect(row).toEqual({
      words: awkward,
      yes: [true, false],
      times: [noon],
      counts: [],
      sealed: [Buffer.from([1, 92])],
      days: ["2026-03-02"],
    })
  })

  test("an undefined parameter is named and spoils nothing else", async () => {
    await expect(withoutSchool(database.db, (tx) => hot(tx, "select $1::text, $2::text", ["a", undefined]))).rejects.toThrow("Parameter 2")
    expect(await withSchool(database.db, oak, numbers)).toEqual([1])
  })

  test("the database's clock stands still inside a transaction", async () => {
    const [first, second] = await withoutSchool(database.db, async (tx) => [await databaseNow(tx), await databaseNow(tx)])
    expect(first).toBeInstanceOf(Date)
    expect(second).toEqual(first)
  })
})

describe("the pool", () => {
  test("survives more killed backends than it is wide, each in the middle of a transaction", async () => {
    for (let round = 0; round < 10; round++) {
      const died = withSchool(database.db, oak, async (tx) => {
        await add(tx, oak, 100 + round)
        await owner`select pg_terminate_backend(${await backend(tx)})`
        // Half of them find out by asking again, half only when they commit.
        if (round % 2 === 0) await numbers(tx)
        else await new Promise((resolve) => setImmediate(resolve))
      })
      await expect(died).rejects.toThrow(/terminating connection|CONNECTION_|ECONNRESET|EPIPE|connection was lost/)
    }
    const wide = await Promise.all([1, 2, 3].map(() => withSchool(database.db, oak, async (tx) => [await backend(tx), await numbers(tx)] as const)))
    expect(new Set(wide.map(([pid]) => pid)).size).toBe(3)
    expect(wide.map(([, seen]) => seen)).toEqual([[1], [1], [1]])
  })

  test("survives backends killed by many transactions at once, with work still under way", async () => {
    const db = openDatabase(database.ownerUrl, { max: 3 })
    const many = Array.from({ length: 30 }, (_, index) =>
      withSchool(db, oak, async (tx) => {
        const pid = await backend(tx)
        if (index % 3 === 0) await Promise.all([hot(tx, "select pg_sleep(0.01)"), owner`select pg_terminate_backend(${pid})`, numbers(tx)])
        return numbers(tx)
      }),
    )
    const ends = await Promise.allSettled(many)
    expect(ends.filter((end) => end.status === "rejected")).toHaveLength(10)
    expect(await withSchool(db, oak, numbers)).toEqual([1])
    await db.close()
  })

  test("replaces connections that were cut while they rested", async () => {
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'rapport'`
    await new Promise((resolve) => setTimeout(resolve, 50))
    const all = await Promise.all([1, 2, 3, 4].map(() => withSchool(database.db, oak, numbers)))
    expect(all).toEqual([[1], [1], [1], [1]])
  })

  test("bounds the wait for a connection and serves again afterwards", async () => {
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const held = [1, 2, 3].map(() => withoutSchool(database.db, () => gate))
    await expect(withoutSchool(database.db, databaseNow)).rejects.toBeInstanceOf(DatabaseBusy)
    letGo()
    await Promise.all(held)
    expect(await withoutSchool(database.db, databaseNow)).toBeInstanceOf(Date)
  })

  test("lets work end before it closes, and refuses new work", async () => {
    const db = openDatabase(database.ownerUrl, { max: 1 })
    const slow = withoutSchool(db, (tx) => hot(tx, "select 1 as one from pg_sleep(0.05)"))
    const waiting = withoutSchool(db, databaseNow)
    await Promise.all([expect(waiting).rejects.toThrow("stopping"), db.close()])
    expect(await slow).toEqual([{ one: 1 }])
    await expect(withoutSchool(db, databaseNow)).rejects.toThrow("stopping")
  })

  test("says at once that nobody answers", async () => {
    const db = openDatabase("postgres://rapport:wrong@127.0.0.1:1/rapport", { max: 1 })
    await expect(withoutSchool(db, databaseNow)).rejects.toMatchObject({ code: "ECONNREFUSED" })
    await db.close()
  })
})
