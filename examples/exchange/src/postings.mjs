// The postings of a waterfall, summed up by account: what its cash, lots and costs have changed by.

/** @typedef {{ cash: bigint, positions: Map<string, { lots: bigint, cost: bigint }> }} Change */

/** @param {Iterable<import('margin-kernel/waterfall').Posting>} postings @returns {Map<string, Change>} */
export function postingsOf(postings) {
  /** @type {Map<string, Change>} */
  const changes = new Map();
  for (const { account, purse, asset, market, delta } of postings) {
    const change = changes.get(account) ?? { cash: 0n, positions: new Map() };
    changes.set(account, change);
    if (purse === 'balance') change.cash += delta;
    else {
      const id = purse === 'position' ? asset : /** @type {string} */ (market);
      const position = change.positions.get(id) ?? { lots: 0n, cost: 0n };
      change.positions.set(id, position);
      position[purse === 'position' ? 'lots' : 'cost'] += delta;
    }
  }
  return changes;
}
