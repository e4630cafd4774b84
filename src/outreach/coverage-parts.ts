// Decides which groups' counts may be shown beside their total, so that no group that is not shown can be worked out from what is.
// Refuses to know what was counted.

/** `of` how many `yes` were counted; the parts of one total have nobody in common. */
export type Counted = { of: number; yes: number }
export type Part = Counted & { name: string }

/** `total` null: there is nothing that may be said. `hidden`: parts with somebody in them that are not shown. */
export type Shown = { total: Counted | null; parts: Part[]; hidden: number }

/** Below this, one person is a fifth of the figure. */
export const smallest = 5

/**
 * A part is shown from five on. What the hidden ones come to together must itself be five or more, of two parts at least: else the smallest part that
 * is shown is hidden too. Up to here sizes alone decide.
 */
export function shownParts(parts: readonly Part[], { guarded }: { guarded: boolean }): Shown {
  const held = parts.filter(({ of }) => of > 0)
  const total = sum(held)
  if (total.of < smallest || (guarded && total.yes < 2)) return { total: null, parts: [], hidden: held.length }
  const shown = held.filter(({ of }) => of >= smallest).sort((a, b) => a.of - b.of || byName(a, b))
  const hidden = held.filter(({ of }) => of < smallest)
  while (shown.length > 0 && hidden.length > 0 && (hidden.length < 2 || sum(hidden).of < smallest)) hidden.push(...shown.splice(0, 1))
  if (guarded && tooFew(shown, hidden)) return { total, parts: [], hidden: held.length }
  return { total, parts: shown.sort(byName), hidden: hidden.length }
}

/**
 * `guarded`, where nobody may learn that one person did not say yes: with a part of which none did, or only one, the total stands alone. That some
 * part is such a one can then be known, and the page says so. That it has none cannot: one yes each would look the same, behind the hidden ones too.
 */
const tooFew = (shown: readonly Part[], hidden: readonly Part[]): boolean =>
  shown.some(({ yes }) => yes < 2) || (hidden.length > 0 && sum(hidden).yes <= hidden.length)

const sum = (parts: readonly Part[]): Counted => parts.reduce((all, { of, yes }) => ({ of: all.of + of, yes: all.yes + yes }), { of: 0, yes: 0 })

const byName = (a: Part, b: Part): number => a.name.localeCompare(b.name) || a.of - b.of || a.yes - b.yes
