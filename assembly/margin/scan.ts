// The scan of a range of units: picks the variant that the book's features need, and works in blocks, so that what follows
// from the results (house.ts) finds them still in the nearest cache.
import * as abi from '../abi';
import { column, readU32 } from '../memory';
import { openAccounts, scanFull } from './account';
import { foldHouse, resetHouse, writeHouse } from './house';
import { openPlain, scanSingle, scanWalk, scanWindow, scanWindowFunding } from './plain';
import * as at from './state';

/** Units a block: their eight result columns take 32 kB. */
export const BLOCK: u32 = 512;

function scanBlock(features: u32, from: u32, to: u32): void {
  if (features & abi.FEATURE_FULL) scanFull(from, to);
  else if (features & abi.FEATURE_WALK) scanWalk(from, to);
  else if (features & abi.FEATURE_FUNDING) scanWindowFunding(from, to);
  else if (features & abi.FEATURE_BRACKETS) scanWindow(from, to);
  else scanSingle(from, to);
}

/** Opens columns for `marginOne`. */
export function openScan(header: usize): void {
  at.open(header);
  openPlain(header);
  openAccounts(header);
  const full = (readU32(header, abi.HOUSE_FEATURES, 0) & abi.FEATURE_FULL) != 0;
  store<u32>(column(header, abi.HOUSE_WRITTEN), full ? abi.WRITTEN_COLLATERAL | abi.WRITTEN_END : 0);
}

/** Margins unit `u`, as a scan of it alone does. */
export function marginOne(header: usize, u: u32): void {
  const features = readU32(header, abi.HOUSE_FEATURES, 0);
  scanBlock(features, u, u + 1);
  foldHouse(header, u, u + 1, (features & abi.FEATURE_FULL) != 0, false);
}

/** Margins units `[from, to)`; with `whole`, resets and fills the house totals and the list of liquidatable units. */
export function scan(header: usize, from: u32, to: u32, whole: bool): void {
  openScan(header);
  const features = readU32(header, abi.HOUSE_FEATURES, 0);
  const full = (features & abi.FEATURE_FULL) != 0;
  if (whole) resetHouse();
  for (let block = from; block < to; block += BLOCK) {
    const end = min(to, block + BLOCK);
    scanBlock(features, block, end);
    foldHouse(header, block, end, full, whole);
  }
  if (whole) writeHouse(header);
}
