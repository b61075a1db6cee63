// A unit to try things on: a copy of one behind the last rows of the book, with the rows that a trade needs beside those it has.
// The book itself is not touched, so nothing has to be undone.
import * as abi from '../abi';
import { column, f64At, readF64, readU32, rows, u32At } from '../memory';

let book: usize = 0;
/** Row of the copy. */
export let unit: u32 = 0;
let firstBalance: u32 = 0;
let balances: u32 = 0;
let firstPosition: u32 = 0;
/** Position rows of the copy. */
export let positions: u32 = 0;

function put(word: i32, row: u32, value: u32): void {
  store<u32>(column(book, word) + ((<usize>row) << 2), value);
}

function putF64(word: i32, row: u32, value: f64): void {
  store<f64>(column(book, word) + ((<usize>row) << 3), value);
}

/** Moves `count` rows of a column whose rows have 2^shift bytes. */
function copyRows(word: i32, shift: usize, to: u32, from: u32, count: u32): void {
  const pointer = column(book, word);
  memory.copy(pointer + ((<usize>to) << shift), pointer + ((<usize>from) << shift), (<usize>count) << shift);
}

function copyBalances(to: u32, from: u32, count: u32): void {
  copyRows(abi.BALANCE_ASSET, 2, to, from, count);
  copyRows(abi.BALANCE_POSITIONS, 2, to, from, count);
  copyRows(abi.BALANCE_AMOUNT, 3, to, from, count);
}

function copyPositions(to: u32, from: u32, count: u32): void {
  copyRows(abi.POSITION_KEY, 2, to, from, count);
  copyRows(abi.POSITION_ORDER, 2, to, from, count);
  copyRows(abi.POSITION_SIZE, 3, to, from, count);
  copyRows(abi.POSITION_COST, 3, to, from, count);
  copyRows(abi.POSITION_FUNDING, 3, to, from, count);
  copyRows(abi.POSITION_OWN_RATE, 3, to, from, count);
}

function putCounts(): void {
  put(abi.UNIT_BALANCE_COUNT, unit, balances);
  put(abi.UNIT_POSITION_COUNT, unit, positions);
}

/** Copies unit `u`. The sections have room for its rows, two balances, a position and an order more. */
export function openTrial(header: usize, u: u32): void {
  book = header;
  unit = rows(header, abi.COUNT_UNIT);
  firstBalance = rows(header, abi.COUNT_BALANCE);
  balances = readU32(header, abi.UNIT_BALANCE_COUNT, u);
  firstPosition = rows(header, abi.COUNT_POSITION);
  positions = readU32(header, abi.UNIT_POSITION_COUNT, u);
  copyBalances(firstBalance, readU32(header, abi.UNIT_BALANCE_START, u), balances);
  copyPositions(firstPosition, readU32(header, abi.UNIT_POSITION_START, u), positions);
  put(abi.UNIT_BALANCE_START, unit, firstBalance);
  put(abi.UNIT_POSITION_START, unit, firstPosition);
  putF64(abi.UNIT_MULTIPLIER, unit, readF64(header, abi.UNIT_MULTIPLIER, u));
  putF64(abi.UNIT_BUFFER, unit, readF64(header, abi.UNIT_BUFFER, u));
  putF64(abi.UNIT_RATE_FLOOR, unit, readF64(header, abi.UNIT_RATE_FLOOR, u));
  put(abi.UNIT_MODEL, unit, readU32(header, abi.UNIT_MODEL, u));
  putCounts();
}

/** Balance row of an asset, opened empty where there is none. */
export function balanceOf(asset: u32): u32 {
  const end = firstBalance + balances;
  let b = firstBalance;
  while (b < end && readU32(book, abi.BALANCE_ASSET, b) < asset) b++;
  if (b < end && readU32(book, abi.BALANCE_ASSET, b) == asset) return b;
  copyBalances(b + 1, b, end - b);
  put(abi.BALANCE_ASSET, b, asset);
  put(abi.BALANCE_POSITIONS, b, 0);
  putF64(abi.BALANCE_AMOUNT, b, 0);
  balances++;
  putCounts();
  return b;
}

/** Position row of a key under the balance of `asset`, opened empty where there is none. */
export function positionOf(asset: u32, key: u32): u32 {
  const b = balanceOf(asset);
  let p = firstPosition;
  for (let before = firstBalance; before < b; before++) p += readU32(book, abi.BALANCE_POSITIONS, before);
  const end = p + readU32(book, abi.BALANCE_POSITIONS, b);
  while (p < end && readU32(book, abi.POSITION_KEY, p) < key) p++;
  if (p < end && readU32(book, abi.POSITION_KEY, p) == key) return p;
  copyPositions(p + 1, p, firstPosition + positions - p);
  put(abi.POSITION_KEY, p, key);
  put(abi.POSITION_ORDER, p, 0);
  putF64(abi.POSITION_SIZE, p, 0);
  putF64(abi.POSITION_COST, p, 0);
  putF64(abi.POSITION_FUNDING, p, readF64(book, abi.MARKET_FUNDING_INDEX, key >>> 2));
  putF64(abi.POSITION_OWN_RATE, p, 0);
  put(abi.BALANCE_POSITIONS, b, readU32(book, abi.BALANCE_POSITIONS, b) + 1);
  positions++;
  putCounts();
  return p;
}

/** Takes the position row that was opened last out again; balances stay. */
export function dropPosition(asset: u32, p: u32): void {
  const b = balanceOf(asset);
  copyPositions(p, p + 1, firstPosition + positions - p - 1);
  put(abi.BALANCE_POSITIONS, b, readU32(book, abi.BALANCE_POSITIONS, b) - 1);
  positions--;
  putCounts();
}

/** What a balance row of an asset holds after its index. */
export function realAmount(asset: u32, b: u32): f64 {
  const amount = readF64(book, abi.BALANCE_AMOUNT, b);
  return amount * readF64(book, amount < 0 ? abi.ASSET_BORROW_INDEX : abi.ASSET_DEPOSIT_INDEX, asset);
}

/** Makes a balance row hold `real` after its index. */
export function putReal(asset: u32, b: u32, real: f64): void {
  const index = readF64(book, real < 0 ? abi.ASSET_BORROW_INDEX : abi.ASSET_DEPOSIT_INDEX, asset);
  putF64(abi.BALANCE_AMOUNT, b, real / index + 0);
}

export function putPosition(p: u32, size: f64, cost: f64, funding: f64): void {
  putF64(abi.POSITION_SIZE, p, size + 0);
  putF64(abi.POSITION_COST, p, cost + 0);
  putF64(abi.POSITION_FUNDING, p, funding);
}
