// What the kernel asks of scenario models. They live in the second module (risk.ts), which the host puts behind these imports;
// without it they do nothing, and no book has models then.

/** Requirement of unit `u` by its model, into house.required. */
// @ts-ignore: decorator
@external("model", "requirement")
export declare function requirement(header: usize, u: u32): void;

/** Values a market anew after prices have moved: the prices of an option, and its risk arrays. */
// @ts-ignore: decorator
@external("model", "repriceMarket")
export declare function repriceMarket(header: usize, market: u32): void;

/** The same of what a balance of an asset moves with: its risk arrays. */
// @ts-ignore: decorator
@external("model", "repriceAsset")
export declare function repriceAsset(header: usize, asset: u32): void;
