// What only the database's owner may do between two measurements.
import { glance, openDatabase } from "../db/client.ts"

export async function asOwner(url: string, statement: string): Promise<void> {
  const owner = openDatabase(url, { role: null, max: 1 })
  try {
    await glance(owner, statement, [])
  } finally {
    await owner.close()
  }
}
