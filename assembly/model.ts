// What the kernel asks of scenario models. They live in the second module (risk.ts), which the host puts behind these imports;
// without it they do nothing, and no book has models then.

/** Requirement of unit `u` by its model, into house.required. */
// @ts-ignore: decorator
@external("model", "requirement")
export declare function requirement(header: usize, u: u32): void;

/** Sets the prices of an option to its value at the prices of now, and what stood between its mark and that. */
// @ts-ignore: decorator
@external("model", "valueOption")
export declare function valueOption(header: usize, market: u32): void;

/** Makes the risk arrays of a market anew in a model, after prices have moved. */
// @ts-ignore: decorator
@external("model", "repriceMarket")
export declare function repriceMarket(header: usize, market: u32, model: u32): void;

/** The same of what a balance of an asset moves with. */
// @ts-ignore: decorator
@external("model", "repriceAsset")
export declare function repriceAsset(header: usize, asset: u32, model: u32): void;
